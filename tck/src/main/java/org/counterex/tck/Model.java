package org.counterex.tck;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CasResult;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;

/**
 * Reference implementation of the contract, as simple as possible, for one thread. Every backend has to behave like it.
 */
final class Model implements CounterBackend {

    private final OptionalLong capacity;
    private final BigInteger lowest;
    private final Map<String, Map<String, Long>> namespaces = new HashMap<>();

    Model(OptionalLong capacity, long lowest) {
        this.capacity = capacity;
        this.lowest = BigInteger.valueOf(lowest);
    }

    @Override
    public long inc(String namespace, String key, long step, long initial) {
        BigInteger before = BigInteger.valueOf(get(namespace, key).orElse(initial));
        return put(namespace, key, before.add(BigInteger.valueOf(step)));
    }

    @Override
    public OptionalLong get(String namespace, String key) {
        Long value = getAll(namespace).get(key);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    @Override
    public long set(String namespace, String key, long value) {
        return put(namespace, key, BigInteger.valueOf(value));
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return put(namespace, key, BigInteger.valueOf(initial));
    }

    @Override
    public void delete(String namespace, String key) {
        Map<String, Long> counters = getAll(namespace);
        counters.remove(key);
        namespaces.put(namespace, counters);
    }

    @Override
    public Map<String, Long> getAll(String namespace) {
        return new HashMap<>(namespaces.getOrDefault(namespace, Map.of()));
    }

    @Override
    public void deleteNamespace(String namespace) {
        namespaces.remove(namespace);
    }

    @Override
    public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        long found = get(namespace, key).orElse(0);
        return found != expected
                ? new CasResult(false, found)
                : new CasResult(true, put(namespace, key, BigInteger.valueOf(newValue)));
    }

    @Override
    public BackendInfo info() {
        Map<String, Long> sizes = new HashMap<>();
        namespaces.forEach((namespace, counters) -> sizes.put(namespace, (long) counters.size()));
        sizes.values().removeIf(size -> size == 0);
        BackendInfo info = BackendInfo.of("model", "model", sizes);
        return capacity.isPresent() ? info.withCapacity(capacity.getAsLong()) : info;
    }

    private long put(String namespace, String key, BigInteger value) {
        if (value.compareTo(lowest) < 0 || value.bitLength() >= Long.SIZE) {
            throw new CounterOverflowException(namespace, key, value.toString(), lowest.longValue());
        }
        Map<String, Long> counters = namespaces.computeIfAbsent(namespace, absent -> new HashMap<>());
        if (capacity.isPresent() && counters.size() == capacity.getAsLong() && !counters.containsKey(key)) {
            throw new CapacityExceededException(namespace, key, capacity.getAsLong());
        }
        counters.put(key, value.longValue());
        return value.longValue();
    }
}
