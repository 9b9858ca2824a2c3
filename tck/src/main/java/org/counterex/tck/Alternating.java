package org.counterex.tck;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.CasResult;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;

/**
 * Two backends that share their values, combined to one: each call goes to one of them, without a pattern that a test
 * could have too. With it every suite tests several processes on the same store.
 */
@SuppressWarnings("try") // close throws what closing the two throws
public final class Alternating implements CounterBackend, AutoCloseable {

    private final CounterBackend one;
    private final CounterBackend other;
    private final AtomicLong calls = new AtomicLong();

    public Alternating(CounterBackend one, CounterBackend other) {
        this.one = one;
        this.other = other;
    }

    /**
     * Returns the backend for the next call, by the Thue-Morse sequence: deterministic and without repeating blocks.
     */
    private CounterBackend next() {
        return Long.bitCount(calls.getAndIncrement()) % 2 == 0 ? one : other;
    }

    @Override
    public long inc(String namespace, String key, long step, long initial) {
        return next().inc(namespace, key, step, initial);
    }

    @Override
    public void add(String namespace, String key, long step) {
        next().add(namespace, key, step);
    }

    @Override
    public void merge(String namespace, String key, long value) {
        next().merge(namespace, key, value);
    }

    @Override
    public OptionalLong get(String namespace, String key) {
        return next().get(namespace, key);
    }

    @Override
    public long set(String namespace, String key, long value) {
        return next().set(namespace, key, value);
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return next().reset(namespace, key, initial);
    }

    @Override
    public void delete(String namespace, String key) {
        next().delete(namespace, key);
    }

    @Override
    public OptionalLong take(String namespace, String key) {
        return next().take(namespace, key);
    }

    @Override
    public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        return next().compareAndSwap(namespace, key, expected, newValue);
    }

    @Override
    public Map<String, Long> getAll(String namespace) {
        return next().getAll(namespace);
    }

    @Override
    public void deleteNamespace(String namespace) {
        next().deleteNamespace(namespace);
    }

    @Override
    public Map<String, Long> drain(String namespace) {
        return next().drain(namespace);
    }

    @Override
    public void flush(String namespace) {
        one.flush(namespace);
        other.flush(namespace);
    }

    @Override
    public BackendInfo info() {
        return next().info();
    }

    /** Closes both, if they are closeable. */
    @Override
    public void close() throws Exception {
        try {
            close(one);
        } finally {
            close(other);
        }
    }

    private static void close(CounterBackend each) throws Exception {
        if (each instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
