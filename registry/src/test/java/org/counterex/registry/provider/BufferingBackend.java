package org.counterex.registry.provider;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CasResult;
import org.counterex.api.CounterException;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.table.AdditionBuffer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.WriteBufferingBackend;

/**
 * One of several clients of a shared server, for one namespace, that buffers additions in cells. It sends them
 * periodically, before any other operation on the counter, and when it is stopped.
 *
 * <p>A cell is sealed under the monitor of this object, and its value is {@link #pending} when the monitor is released.
 * Every second time a new cell replaces the sealed one at once, so that late adders meet both cases.
 */
class BufferingBackend implements WriteBufferingBackend {

    /** Number of calls of {@link #add}. */
    final AtomicLong addCalls = new AtomicLong();

    private final PlainBackend server;
    private final Map<String, LongCell> cells = new ConcurrentHashMap<>();

    /** By key, the sum of sealed cells that the server does not have yet. */
    private final Map<String, Long> pending;

    private boolean stopped;
    private int sealed;

    BufferingBackend(PlainBackend server, Map<String, Long> pending) {
        this.server = server;
        this.pending = new HashMap<>(pending);
    }

    @Override
    public AdditionBuffer additionBuffer(String namespace) {
        return new AdditionBuffer() {
            @Override
            protected LongCell cell(String key) {
                return cells.get(key);
            }

            @Override
            protected void seal() {
                sealAll();
            }
        };
    }

    void sealAll() {
        cells.keySet().forEach(this::seal);
    }

    @Override
    public void add(String namespace, String key, long step) {
        addCalls.incrementAndGet();
        long raw;
        do {
            raw = cellOf(namespace, key).add(step);
        } while (Cell.isSealed(raw));
    }

    private LongCell cellOf(String namespace, String key) {
        LongCell cell = cells.get(key);
        return cell != null ? cell : newCell(namespace, key);
    }

    private synchronized LongCell newCell(String namespace, String key) {
        if (stopped) {
            throw BackendUnavailableException.notApplied("backend is stopped", namespace);
        }
        return cells.computeIfAbsent(key, LongCell::new);
    }

    private synchronized void seal(String key) {
        LongCell cell = cells.get(key);
        long sum = cell == null ? Cell.SEALED : cell.seal();
        if (sum == Cell.SEALED) {
            return;
        }
        if (sum != 0) {
            pending.merge(key, sum, Long::sum);
        }
        if (sum != 0 && ++sealed % 2 == 0 && !stopped) {
            cells.put(key, new LongCell(key));
        } else {
            cells.remove(key);
        }
    }

    private synchronized PlainBackend afterSending(String namespace, String key) {
        seal(key);
        Long sum = pending.get(key);
        if (sum != null) {
            server.merge(namespace, key, sum);
            pending.remove(key);
        }
        return server;
    }

    @Override
    public synchronized void flush(String namespace) {
        server.flush(namespace);
        sealAll();
        List.copyOf(pending.keySet()).forEach(key -> afterSending(namespace, key));
    }

    /** Flushes; does nothing if the server is unreachable or this backend is stopped. */
    synchronized void flushIfPossible() {
        if (stopped) {
            return;
        }
        try {
            flush("ns");
        } catch (CounterException e) {
            // The additions stay buffered.
        }
    }

    /** Stops this backend, and returns the additions that could not be sent, for its successor. */
    synchronized Map<String, Long> stop() {
        flushIfPossible();
        stopped = true;
        sealAll();
        return pending;
    }

    @Override
    public synchronized long inc(String namespace, String key, long step, long initial) {
        return afterSending(namespace, key).inc(namespace, key, step, initial);
    }

    @Override
    public synchronized OptionalLong get(String namespace, String key) {
        return afterSending(namespace, key).get(namespace, key);
    }

    @Override
    public synchronized long set(String namespace, String key, long value) {
        return afterSending(namespace, key).set(namespace, key, value);
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return set(namespace, key, initial);
    }

    @Override
    public synchronized void delete(String namespace, String key) {
        afterSending(namespace, key).delete(namespace, key);
    }

    @Override
    public synchronized OptionalLong take(String namespace, String key) {
        return afterSending(namespace, key).take(namespace, key);
    }

    @Override
    public synchronized void merge(String namespace, String key, long value) {
        afterSending(namespace, key).merge(namespace, key, value);
    }

    @Override
    public synchronized CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        return afterSending(namespace, key).compareAndSwap(namespace, key, expected, newValue);
    }

    @Override
    public synchronized Map<String, Long> getAll(String namespace) {
        flush(namespace);
        return server.getAll(namespace);
    }

    @Override
    public synchronized void deleteNamespace(String namespace) {
        flush(namespace);
        server.deleteNamespace(namespace);
    }

    @Override
    public BackendInfo info() {
        return server.info();
    }
}
