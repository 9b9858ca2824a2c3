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
 * One of several on the same place, for one namespace, that gathers additions in cells and sends them later, as a client of a
 * server does: now and then, before any other operation on the counter, and when it ends.
 *
 * <p>A cell is sealed under the monitor of this, and what was in it is {@link #owed} when that is released. Every other time the
 * next cell takes its place at once, so that late adders meet both.
 */
class BufferingBackend implements WriteBufferingBackend {

    /** How often {@link #add} was called. */
    final AtomicLong calls = new AtomicLong();

    private final PlainBackend place;
    private final Map<String, LongCell> cells = new ConcurrentHashMap<>();

    /** What was taken out of cells and is not at its place. */
    private final Map<String, Long> owed;

    private boolean ended;
    private int sealed;

    BufferingBackend(PlainBackend place, Map<String, Long> owed) {
        this.place = place;
        this.owed = new HashMap<>(owed);
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
        calls.incrementAndGet();
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
        if (ended) {
            throw BackendUnavailableException.notApplied("it has ended", namespace);
        }
        return cells.computeIfAbsent(key, LongCell::new);
    }

    private synchronized void seal(String key) {
        LongCell cell = cells.get(key);
        long counted = cell == null ? Cell.SEALED : cell.seal();
        if (counted == Cell.SEALED) {
            return;
        }
        if (counted != 0) {
            owed.merge(key, counted, Long::sum);
        }
        if (counted != 0 && ++sealed % 2 == 0 && !ended) {
            cells.put(key, new LongCell(key));
        } else {
            cells.remove(key);
        }
    }

    private synchronized PlainBackend sent(String namespace, String key) {
        seal(key);
        Long sum = owed.get(key);
        if (sum != null) {
            place.merge(namespace, key, sum);
            owed.remove(key);
        }
        return place;
    }

    @Override
    public synchronized void flush(String namespace) {
        place.flush(namespace);
        sealAll();
        List.copyOf(owed.keySet()).forEach(key -> sent(namespace, key));
    }

    /** What a flusher does every so often; nothing while there is no way, or when it has ended. */
    synchronized void flushIfPossible() {
        if (ended) {
            return;
        }
        try {
            flush("ns");
        } catch (CounterException e) {
            // It goes on gathering.
        }
    }

    /** Ends it; what could not be sent is for the next one. */
    synchronized Map<String, Long> end() {
        flushIfPossible();
        ended = true;
        sealAll();
        return owed;
    }

    @Override
    public synchronized long inc(String namespace, String key, long step, long initial) {
        return sent(namespace, key).inc(namespace, key, step, initial);
    }

    @Override
    public synchronized OptionalLong get(String namespace, String key) {
        return sent(namespace, key).get(namespace, key);
    }

    @Override
    public synchronized long set(String namespace, String key, long value) {
        return sent(namespace, key).set(namespace, key, value);
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return set(namespace, key, initial);
    }

    @Override
    public synchronized void delete(String namespace, String key) {
        sent(namespace, key).delete(namespace, key);
    }

    @Override
    public synchronized OptionalLong take(String namespace, String key) {
        return sent(namespace, key).take(namespace, key);
    }

    @Override
    public synchronized void merge(String namespace, String key, long value) {
        sent(namespace, key).merge(namespace, key, value);
    }

    @Override
    public synchronized CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        return sent(namespace, key).compareAndSwap(namespace, key, expected, newValue);
    }

    @Override
    public synchronized Map<String, Long> getAll(String namespace) {
        flush(namespace);
        return place.getAll(namespace);
    }

    @Override
    public synchronized void deleteNamespace(String namespace) {
        flush(namespace);
        place.deleteNamespace(namespace);
    }

    @Override
    public BackendInfo info() {
        return place.info();
    }
}
