package org.counterex.backend.redis.provider;

import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.LongCell;

/**
 * What was counted on one namespace in this process and has not been put into the queues of its buckets.
 *
 * <p><b>Invariant.</b> Each addition is in one open cell, or in one operation. A cell is sealed by whoever holds the monitor of
 * the bucket, and what was in it is in the queue when that is released: so who looks for a cell under the monitor and finds
 * none, or a sealed one, comes after the operation that has its value. A counting thread that meets a sealed cell looks again.
 * A cell leaves its place, or makes room for the next, only after it was sealed: so who has sealed the cell of every key that was
 * here has sealed all that anybody can have found before. That is what {@link #cell} is for: those who add without calling the
 * backend are shown cells until they are closed out or this ends, and then all cells are sealed.
 */
final class WriteBuffer {

    private final Map<String, BufferedDelta> deltas = new ConcurrentHashMap<>();

    /** Bounds the memory: one permit for each counter on which something was counted and is not acknowledged. */
    private final Semaphore room;

    private volatile boolean ended;

    WriteBuffer(Semaphore room) {
        this.room = room;
    }

    /**
     * Counts.
     *
     * @param timeoutMs how long to wait for room
     * @return the raw result of the cell; {@link Cell#SEALED} if there was no room in time or an end, and nothing was counted
     */
    long add(String key, long step, long timeoutMs) throws InterruptedException {
        for (; ; ) {
            BufferedDelta delta = deltas.get(key);
            if (delta == null) {
                delta = BufferedDelta.unknown(key);
                if (!room.tryAcquire(timeoutMs, TimeUnit.MILLISECONDS)) {
                    return Cell.SEALED;
                }
                if (deltas.putIfAbsent(key, delta) != null) {
                    room.release();
                    continue;
                }
            }
            if (ended) {
                return Cell.SEALED;
            }
            long raw = delta.cell.add(step);
            if (!Cell.isSealed(raw)) {
                return raw;
            }
            Thread.onSpinWait(); // whoever sealed it takes it away, or puts another one in its place
        }
    }

    /** Counts where the server's value is known: an estimate of the value; empty if nothing was done, as it is not known. */
    OptionalLong inc(String key, long step) {
        for (; ; ) {
            BufferedDelta delta = deltas.get(key);
            if (ended || delta == null || !delta.isKnown()) {
                return OptionalLong.empty();
            }
            long raw = delta.cell.inc(step);
            if (!Cell.isSealed(raw)) {
                return OptionalLong.of(delta.base() + raw);
            }
            Thread.onSpinWait();
        }
    }

    /** The cell of a counter, for who adds without calling the backend; null if there is none, or an end. */
    LongCell cell(String key) {
        BufferedDelta delta = deltas.get(key);
        return delta == null || ended ? null : delta.cell; // in this order, as in add
    }

    /**
     * Nothing is counted from now on but in cells that are here already. Who finds a later one here finds the end too.
     */
    void end() {
        ended = true;
    }

    /** The server has told the value of a counter: from now on additions to it may be made here. */
    void learn(String key, long value) {
        if (!deltas.containsKey(key)
                && room.tryAcquire()
                && deltas.putIfAbsent(key, BufferedDelta.on(key, value)) != null) {
            room.release();
        }
    }

    /**
     * Takes what was counted on a counter, for the holder of the monitor of its bucket.
     *
     * @return the operation that adds it, to be put into the queue before anything else; null if there is nothing to add
     */
    Operation seal(String key) {
        BufferedDelta delta = deltas.get(key);
        long counted = delta == null ? Cell.SEALED : delta.cell.seal();
        if (counted == Cell.SEALED) {
            return null;
        }
        if (counted == 0 && delta.isKnown()) {
            deltas.remove(key, delta); // it was not counted on since it was last looked at
            room.release();
            return null;
        }
        Operation addition = Operation.guaranteed(key, counted); // also of 0, if that makes the counter
        if (delta.isKnown()) {
            long expected = delta.base() + counted;
            BufferedDelta next = BufferedDelta.on(key, expected);
            deltas.replace(key, delta, next);
            return addition.then(
                    answer -> ScriptReply.value(answer).ifPresent(value -> next.correct(value - expected)));
        }
        deltas.remove(key, delta);
        return addition.then(answer -> room.release());
    }

    Collection<String> keys() {
        return deltas.keySet();
    }

    int size() {
        return deltas.size();
    }
}
