package org.example.counters;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.counterex.api.CasResult;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.propertytypes.BackendType;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * A third party's backend, which knows nothing of tables: each counter is an entry of a concurrent map. As one that closes a
 * connection when it leaves, it does not bear to be called afterwards. (It adds without a look at the range.)
 */
@Component(immediate = true)
@BackendType(backend = "map")
public class MapBackend implements CounterBackend {

    private final Map<String, Map<String, Long>> namespaces = new ConcurrentHashMap<>();

    private volatile boolean left;

    @Deactivate
    public void leave() {
        left = true;
    }

    private void refuseIfLeft() {
        if (left) {
            throw new IllegalStateException("called after it has left");
        }
    }

    private Map<String, Long> counters(String namespace) {
        refuseIfLeft();
        return namespaces.computeIfAbsent(namespace, absent -> new ConcurrentHashMap<>());
    }

    @Override
    public long inc(String namespace, String key, long step, long initial) {
        return counters(namespace).compute(key, (k, held) -> (held == null ? initial : held) + step);
    }

    @Override
    public OptionalLong get(String namespace, String key) {
        Long held = counters(namespace).get(key);
        return held == null ? OptionalLong.empty() : OptionalLong.of(held);
    }

    @Override
    public long set(String namespace, String key, long value) {
        counters(namespace).put(key, value);
        return value;
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
        counters(namespace).clear();
    }

    @Override
    public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        CasResult[] result = new CasResult[1];
        counters(namespace).compute(key, (k, held) -> {
            long met = held == null ? 0 : held;
            result[0] = met == expected ? new CasResult(true, newValue) : new CasResult(false, met);
            return met == expected ? Long.valueOf(newValue) : held;
        });
        return result[0];
    }

    @Override
    public BackendInfo info() {
        refuseIfLeft();
        Map<String, Long> sizes = new HashMap<>();
        namespaces.forEach((namespace, counters) -> sizes.put(namespace, (long) counters.size()));
        return BackendInfo.of("map", "map", sizes);
    }
}
