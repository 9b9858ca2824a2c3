package org.counterex.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.counterex.api.CasResult;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;

/** A backend without tables, as an author would write it over the concurrent map of the JDK. */
final class MapBackend implements CounterBackend {

    static final String TYPE = "map";

    private final ConcurrentMap<String, ConcurrentMap<String, Long>> namespaces = new ConcurrentHashMap<>();

    private ConcurrentMap<String, Long> counters(String namespace) {
        ConcurrentMap<String, Long> known = namespaces.get(namespace);
        return known != null ? known : namespaces.computeIfAbsent(namespace, absent -> new ConcurrentHashMap<>());
    }

    @Override
    public long inc(String namespace, String key, long step, long initial) {
        ConcurrentMap<String, Long> counters = counters(namespace);
        for (; ; ) {
            Long before = counters.get(key);
            long next = Math.addExact(before == null ? initial : before, step);
            if (before == null ? counters.putIfAbsent(key, next) == null : counters.replace(key, before, next)) {
                return next;
            }
        }
    }

    @Override
    public OptionalLong get(String namespace, String key) {
        Long value = counters(namespace).get(key);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
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
        namespaces.remove(namespace);
    }

    @Override
    public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        ConcurrentMap<String, Long> counters = counters(namespace);
        for (; ; ) {
            Long before = counters.get(key);
            long met = before == null ? 0 : before;
            if (met != expected) {
                return new CasResult(false, met);
            }
            if (before == null ? counters.putIfAbsent(key, newValue) == null : counters.replace(key, met, newValue)) {
                return new CasResult(true, newValue);
            }
        }
    }

    @Override
    public BackendInfo info() {
        Map<String, Long> sizes = new HashMap<>();
        namespaces.forEach((namespace, counters) -> sizes.put(namespace, (long) counters.size()));
        sizes.values().removeIf(size -> size == 0);
        return new BackendInfo(TYPE, TYPE, sizes, OptionalLong.empty(), Map.of());
    }
}
