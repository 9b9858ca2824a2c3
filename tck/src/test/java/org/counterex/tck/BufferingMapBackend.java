package org.counterex.tck;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.CasResult;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;

/**
 * Shared backend that sums additions locally and sends the sums later: on {@code flush}, before any operation other
 * than an addition, and when it is closed.
 */
class BufferingMapBackend implements CounterBackend, AutoCloseable {

    final CounterBackend store;

    /** The sums of each namespace that are not sent yet. */
    final Map<String, Map<String, Long>> unsent = new HashMap<>();

    BufferingMapBackend(CounterBackend store) {
        this.store = store;
    }

    @Override
    public synchronized long inc(String namespace, String key, long step, long initial) {
        if (initial != 0) {
            return sent(namespace).inc(namespace, key, step, initial);
        }
        unsent.computeIfAbsent(namespace, absent -> new HashMap<>()).merge(key, step, Long::sum);
        return get(namespace, key).getAsLong();
    }

    @Override
    public void merge(String namespace, String key, long value) {
        sent(namespace).merge(namespace, key, value);
    }

    @Override
    public synchronized OptionalLong get(String namespace, String key) {
        Long value = getAll(namespace).get(key);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    @Override
    public synchronized Map<String, Long> getAll(String namespace) {
        Map<String, Long> all = store.getAll(namespace);
        unsent.getOrDefault(namespace, Map.of()).forEach((key, sum) -> all.merge(key, sum, Long::sum));
        return all;
    }

    @Override
    public long set(String namespace, String key, long value) {
        return sent(namespace).set(namespace, key, value);
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return sent(namespace).reset(namespace, key, initial);
    }

    @Override
    public void delete(String namespace, String key) {
        sent(namespace).delete(namespace, key);
    }

    @Override
    public OptionalLong take(String namespace, String key) {
        return sent(namespace).take(namespace, key);
    }

    @Override
    public void deleteNamespace(String namespace) {
        sent(namespace).deleteNamespace(namespace);
    }

    @Override
    public Map<String, Long> drain(String namespace) {
        return sent(namespace).drain(namespace);
    }

    @Override
    public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        return sent(namespace).compareAndSwap(namespace, key, expected, newValue);
    }

    @Override
    public synchronized BackendInfo info() {
        Map<String, Long> sizes = new HashMap<>(store.info().namespaces());
        unsent.keySet()
                .forEach(namespace ->
                        sizes.put(namespace, (long) getAll(namespace).size()));
        return BackendInfo.of("map", "buffering", sizes);
    }

    @Override
    public void flush(String namespace) {
        sent(namespace);
    }

    @Override
    public synchronized void close() {
        Map.copyOf(unsent).keySet().forEach(this::sent);
    }

    /** Returns the store, after sending all additions. */
    synchronized CounterBackend sent(String namespace) {
        Map<String, Long> sums = unsent.remove(namespace);
        if (sums != null) {
            sums.forEach((key, sum) -> store.add(namespace, key, sum));
        }
        return store;
    }
}
