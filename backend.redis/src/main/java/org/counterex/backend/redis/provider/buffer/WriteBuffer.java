package org.counterex.backend.redis.provider.buffer;

import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.backend.redis.provider.batch.Operation;
import org.counterex.backend.redis.provider.batch.ScriptReply;

/**
 * Additions to the counters of one namespace that are not in the queues yet.
 *
 * <p><b>Invariant.</b> Each addition is in one open cell or in one operation. A cell is sealed with the monitor of the
 * counter's queue held, and its value is in the queue before the monitor is released. A thread that holds the monitor
 * and finds no cell, or a sealed one, therefore comes after the operation with its value; an adding thread that finds a
 * sealed cell looks it up again. A cell is removed or replaced only after it was sealed: sealing the cell of every key
 * in the map seals all cells that were returned before. {@link #cell} relies on that: callers that add without calling
 * the backend hold cells until these are sealed by {@code AdditionBuffer.close} or at the end of the backend.
 */
public final class WriteBuffer {

    private final Map<String, BufferedDelta> deltas = new ConcurrentHashMap<>();

    /** Bounds the memory: one permit for each counter with buffered or unacknowledged additions. */
    private final Semaphore room;

    private volatile boolean closed;

    public WriteBuffer(Semaphore room) {
        this.room = room;
    }

    /**
     * Adds to a counter.
     *
     * @param timeoutMs how long to wait for room
     * @return the raw result of the cell; {@link Cell#SEALED} if there was no room in time or the buffer is closed, and
     *     nothing was added
     */
    public long add(String key, long step, long timeoutMs) throws InterruptedException {
        for (; ; ) {
            BufferedDelta delta = deltas.get(key);
            if (delta == null) {
                delta = BufferedDelta.withoutBase(key);
                if (!room.tryAcquire(timeoutMs, TimeUnit.MILLISECONDS)) {
                    return Cell.SEALED;
                }
                if (deltas.putIfAbsent(key, delta) != null) {
                    room.release();
                    continue;
                }
            }
            if (closed) {
                return Cell.SEALED;
            }
            long raw = delta.cell.add(step);
            if (!Cell.isSealed(raw)) {
                return raw;
            }
            Thread.onSpinWait(); // the thread that has sealed the cell removes or replaces it
        }
    }

    /**
     * Adds to a counter whose value on the server is known. Returns an estimate of the new value; empty if nothing was
     * added.
     */
    public OptionalLong inc(String key, long step) {
        for (; ; ) {
            BufferedDelta delta = deltas.get(key);
            if (closed || delta == null || !delta.hasBase()) {
                return OptionalLong.empty();
            }
            long raw = delta.cell.inc(step);
            if (!Cell.isSealed(raw)) {
                return OptionalLong.of(delta.base() + raw);
            }
            Thread.onSpinWait();
        }
    }

    /** Returns the cell of a counter, for additions without a call; null if there is none or the buffer is closed. */
    public LongCell cell(String key) {
        BufferedDelta delta = deltas.get(key);
        return delta == null || closed ? null : delta.cell; // in this order, as in add
    }

    /**
     * Closes the buffer: from now on nothing is added except through cells that are in the map already. A thread that
     * finds a cell that was put there later also finds the buffer closed.
     */
    void close() {
        closed = true;
    }

    /** Records the value of a counter on the server: from now on additions to it may be buffered with an estimate. */
    public void recordValue(String key, long value) {
        if (!deltas.containsKey(key)
                && room.tryAcquire()
                && deltas.putIfAbsent(key, BufferedDelta.withBase(key, value)) != null) {
            room.release();
        }
    }

    /**
     * Seals the additions to a counter. The caller holds the monitor of the counter's queue.
     *
     * @return the operation that adds them, to be appended to the queue before any other; null if there are none
     */
    Operation seal(String key) {
        BufferedDelta delta = deltas.get(key);
        long sum = delta == null ? Cell.SEALED : delta.cell.seal();
        if (sum == Cell.SEALED) {
            return null;
        }
        if (sum == 0 && delta.hasBase()) {
            deltas.remove(key, delta); // unused since the last flush
            room.release();
            return null;
        }
        Operation addition = Operation.guaranteed(key, sum); // of 0 too: it may have to create the counter
        if (delta.hasBase()) {
            long expected = delta.base() + sum;
            BufferedDelta next = BufferedDelta.withBase(key, expected);
            deltas.replace(key, delta, next);
            return addition.onSettled(
                    result -> ScriptReply.value(result).ifPresent(value -> next.correct(value - expected)));
        }
        deltas.remove(key, delta);
        return addition.onSettled(result -> room.release());
    }

    Collection<String> keys() {
        return deltas.keySet();
    }

    /** Returns the number of counters with buffered additions or a recorded value. */
    public int size() {
        return deltas.size();
    }
}
