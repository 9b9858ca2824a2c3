package org.counterex.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongUnaryOperator;
import org.counterex.api.CasResult;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;

/** A backend without tables, as an author may write it in fifty lines: each counter is an entry of a concurrent map. */
public final class MapBackend implements CounterBackend {

    static final String TYPE = "map";

    private final Map<String, Map<String, Long>> namespaces = new ConcurrentHashMap<>();

    private Map<String, Long> counters(String namespace) {
        return namespaces.computeIfAbsent(namespace, absent -> new ConcurrentHashMap<>());
    }

    private long change(String namespace, String key, long initial, LongUnaryOperator step) {
        return counters(namespace)
                .compute(key, (k, held) -> step.applyAsLong(held == null ? initial : held.longValue()));
    }

    @Override
    public long inc(String namespace, String key, long step, long initial) {
        return change(namespace, key, initial, held -> {
            long sum = held + step;
            if (((held ^ sum) & (step ^ sum)) < 0 || sum == Long.MIN_VALUE) {
                throw new CounterOverflowException(namespace, key, held + "+" + step, -Long.MAX_VALUE);
            }
            return sum;
        });
    }

    @Override
    public OptionalLong get(String namespace, String key) {
        Long held = counters(namespace).get(key);
        return held == null ? OptionalLong.empty() : OptionalLong.of(held);
    }

    @Override
    public long set(String namespace, String key, long value) {
        return change(namespace, key, 0, held -> value);
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return set(namespace, key, initial);
    }

    @Override
    public void delete(String namespace, String key) {
        counters(namespace).remove(key);
    }

    @Override
    public Map<String, Long> getAll(String namespace) {
        return new HashMap<>(counters(namespace));
    }

    @Override
    public void deleteNamespace(String namespace) {
        namespaces.remove(namespace);
    }

    @Override
    public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        CasResult[] result = new CasResult[1];
        counters(namespace).compute(key, (k, held) -> {
            long met = held == null ? 0 : held;
            boolean swapped = met == expected;
            result[0] = new CasResult(swapped, swapped ? newValue : met);
            return swapped ? Long.valueOf(newValue) : held;
        });
        return result[0];
    }

    @Override
    public BackendInfo info() {
        Map<String, Long> sizes = new HashMap<>();
        namespaces.forEach((namespace, counters) -> sizes.put(namespace, (long) counters.size()));
        return BackendInfo.of(TYPE, TYPE, sizes);
    }
}
