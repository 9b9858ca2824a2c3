package org.example.counters;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.CasResult;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.propertytypes.BackendType;
import org.osgi.service.component.annotations.Component;

/** Backend with plain maps under one lock. Unbounded and exact. */
@Component(immediate = true)
@BackendType(backend = "map")
public class SynchronizedMapBackend implements CounterBackend {

    private final Map<String, Map<String, Long>> namespaces = new HashMap<>();

    @Override
    public synchronized long inc(String namespace, String key, long step, long initial) {
        long before = get(namespace, key).orElse(initial);
        if (step > 0 ? before > Long.MAX_VALUE - step : before < -Long.MAX_VALUE - step) {
            throw new CounterOverflowException(namespace, key, before + " + " + step, -Long.MAX_VALUE);
        }
        return set(namespace, key, before + step);
    }

    @Override
    public synchronized OptionalLong get(String namespace, String key) {
        Long value = namespaces.getOrDefault(namespace, Map.of()).get(key);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    @Override
    public synchronized long set(String namespace, String key, long value) {
        namespaces.computeIfAbsent(namespace, absent -> new HashMap<>()).put(key, value);
        return value;
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return set(namespace, key, initial);
    }

    @Override
    public synchronized void delete(String namespace, String key) {
        namespaces.getOrDefault(namespace, new HashMap<>()).remove(key);
    }

    @Override
    public synchronized Map<String, Long> getAll(String namespace) {
        return new HashMap<>(namespaces.getOrDefault(namespace, Map.of()));
    }

    @Override
    public synchronized void deleteNamespace(String namespace) {
        namespaces.remove(namespace);
    }

    @Override
    public synchronized CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        long found = get(namespace, key).orElse(0);
        return found == expected ? new CasResult(true, set(namespace, key, newValue)) : new CasResult(false, found);
    }

    @Override
    public synchronized OptionalLong take(String namespace, String key) {
        OptionalLong taken = get(namespace, key);
        delete(namespace, key);
        return taken;
    }

    @Override
    public synchronized Map<String, Long> drain(String namespace) {
        Map<String, Long> taken = getAll(namespace);
        deleteNamespace(namespace);
        return taken;
    }

    @Override
    public synchronized BackendInfo info() {
        Map<String, Long> sizes = new HashMap<>();
        namespaces.forEach((namespace, counters) -> sizes.put(namespace, (long) counters.size()));
        sizes.values().removeIf(size -> size == 0);
        return BackendInfo.of("map", "map", sizes);
    }
}
