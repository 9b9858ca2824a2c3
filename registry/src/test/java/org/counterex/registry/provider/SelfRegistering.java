package org.counterex.registry.provider;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.counterex.api.CasResult;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;

/**
 * Backend for {@link BackendDepartureTest} that a separate class loader can load: public, and without nested classes.
 */
public final class SelfRegistering implements CounterBackend, BackendDepartureTest.Runner {

    private final Map<String, Long> counters = new ConcurrentHashMap<>();

    @Override
    public void run(Runnable task) {
        task.run();
    }

    @Override
    public long inc(String namespace, String key, long step, long initial) {
        return counters.merge(key, step, Long::sum);
    }

    @Override
    public OptionalLong get(String namespace, String key) {
        Long value = counters.get(key);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    @Override
    public long set(String namespace, String key, long value) {
        counters.put(key, value);
        return value;
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return set(namespace, key, initial);
    }

    @Override
    public void delete(String namespace, String key) {
        counters.remove(key);
    }

    @Override
    public Map<String, Long> getAll(String namespace) {
        return new HashMap<>(counters);
    }

    @Override
    public void deleteNamespace(String namespace) {
        counters.clear();
    }

    @Override
    public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BackendInfo info() {
        return BackendInfo.of("own", "own", Map.of());
    }
}
