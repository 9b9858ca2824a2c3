package org.counterex.api.backend.table;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterOverflowException;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Collection of the cells of one namespace in one backend.
 *
 * <p>The abstract methods find, insert and remove cells and are all that a backend implements; the steps of an
 * operation on a counter are implemented here. A method marked <em>key lock</em> is for the holder of the lock of that
 * key only: no other thread seals a cell of the key meanwhile, so a sealed cell means an absent counter. All others are
 * for any thread.
 *
 * <p><b>Room.</b> Room is reserved before a cell is inserted. A move of a namespace into this table reserves room for
 * all of its counters at once; new keys get only the rest.
 *
 * <p>A table lives once: after it has been discarded as the source of a move it is never used again.
 */
@ProviderType
public abstract class CellTable extends CellLookup {

    /** Result of a request for room. */
    public enum Room {
        /** The room is reserved. */
        GRANTED,
        /** The counters present and reserved leave too little room. */
        FULL,
        /** The slots of removed counters cannot be reused in this table: a successor has the room. */
        EXHAUSTED
    }

    private final String namespace;
    private final long capacity;
    private final long lowest;

    /** The number of counters present or reserved. */
    private final AtomicLong taken = new AtomicLong();

    private final AtomicLong live = new AtomicLong();

    /**
     * Creates an empty table.
     *
     * @param capacity the largest number of counters; {@link Long#MAX_VALUE} if there is no bound
     * @param lowest the lowest value of a counter: {@code -Long.MAX_VALUE} or 0
     */
    protected CellTable(String namespace, long capacity, long lowest) {
        this.namespace = namespace;
        this.capacity = capacity;
        this.lowest = lowest;
    }

    /** Returns the cell of a key, which may be sealed; null if there is none. */
    public abstract @Nullable Cell find(String key);

    /**
     * Passes every key that is present throughout the call to an action, possibly also others, and possibly more than
     * once.
     */
    public abstract void forEachKey(Consumer<String> action);

    /**
     * Creates a cell for an absent key, seals {@code from}, initializes the cell with its final value and publishes it,
     * in this order: everything that can fail precedes the sealing. <em>Key lock.</em>
     *
     * @return the final value
     */
    protected abstract long link(String key, Cell from);

    /** Publishes a cell in place of a sealed one. Must not fail. <em>Key lock.</em> */
    protected abstract void replace(String key, Cell sealed, KeyedCell successor);

    /** Removes a sealed cell. Must not fail. <em>Key lock.</em> */
    protected abstract void unlink(String key, Cell sealed);

    /**
     * Grows the table for a number of cells at once: a hint. Called at most once, before the table is published.
     */
    public void presize(long cells) {}

    /** Called after a step on a {@link WideCell}, by the thread that took it: for a table that persists values. */
    protected void onChanged(WideCell cell) {}

    /**
     * Called after a counter was removed without being transferred: for a table that persists values. <em>Key
     * lock.</em>
     */
    protected void onRemoved(String key) {}

    /**
     * Waits until the changes of the calling thread are as durable as this table promises. The owner calls it before it
     * returns to its caller, without any lock.
     *
     * @throws BackendUnavailableException the changes were made, and are not durable yet
     */
    public void awaitDurable() {}

    /**
     * Reserves slots, in a table that cannot reuse the slots of removed counters.
     *
     * @return false if there are not enough; none is reserved then
     */
    protected boolean reserveSlots(long cells) {
        return true;
    }

    /** Releases slots that were reserved and not used. */
    protected void releaseSlots(long cells) {}

    /** Returns the name of the namespace. */
    public final String namespace() {
        return namespace;
    }

    /** Returns the largest number of counters; {@link Long#MAX_VALUE} if there is no bound. */
    public final long capacity() {
        return capacity;
    }

    /**
     * Returns the lowest value that an operation may produce. A counter that was moved here may have a lower one at
     * first.
     */
    public final long lowest() {
        return lowest;
    }

    /** Returns the number of counters. */
    public final long size() {
        return live.get();
    }

    /** Reserves room for a number of cells: for all of them or for none. */
    public final Room reserve(long cells) {
        long before;
        do {
            before = taken.get();
            if (cells > capacity - before) {
                return Room.FULL;
            }
        } while (!taken.compareAndSet(before, before + cells));
        if (reserveSlots(cells)) {
            return Room.GRANTED;
        }
        taken.addAndGet(-cells);
        return Room.EXHAUSTED;
    }

    /** Releases room that was reserved and not used. */
    public final void release(long cells) {
        releaseSlots(cells);
        taken.addAndGet(-cells);
    }

    /**
     * Transfers a counter into this table, in reserved room: seals {@code from} and inserts a cell with its value.
     * <em>Key lock.</em>
     *
     * @return the value transferred
     */
    public final long insert(String key, Cell from) {
        long value = link(key, from);
        live.incrementAndGet();
        return value;
    }

    /**
     * Removes a counter. <em>Key lock.</em>
     *
     * @return its final value; empty if it is absent
     */
    public final OptionalLong remove(String key) {
        Cell cell = find(key);
        long last = cell == null ? Cell.SEALED : cell.seal();
        if (last == Cell.SEALED) {
            return OptionalLong.empty();
        }
        removeMoved(key, cell);
        onRemoved(key);
        return OptionalLong.of(last);
    }

    /** Removes a cell that was sealed because its counter was transferred elsewhere. <em>Key lock.</em> */
    public final void removeMoved(String key, Cell sealed) {
        unlink(key, sealed);
        live.decrementAndGet();
        taken.decrementAndGet();
    }

    /** Restores a counter whose cell was sealed and whose value could not be inserted elsewhere. <em>Key lock.</em> */
    public final void restore(String key, Cell sealed, long value) {
        KeyedCell successor = new WideCell(key);
        successor.init(value);
        replace(key, sealed, successor);
    }

    /**
     * Applies a step to the cell of an existing counter, if its kind supports that without the key lock.
     *
     * @return the value after the step; {@link Cell#SEALED} if nothing was done and the key lock is required
     * @throws CounterOverflowException the result would leave the range; nothing was changed
     */
    public final long apply(String key, Cell cell, CellUpdate step) {
        if (cell instanceof StripedCell) {
            return Cell.SEALED;
        }
        for (; ; ) {
            long value = cell.get();
            if (value == Cell.SEALED) {
                return Cell.SEALED;
            }
            long next = checked(key, step, value, lowestAllowed(value));
            long found = next == value ? value : cell.compareAndExchange(value, next);
            if (found == value && next != value && cell instanceof WideCell wide) {
                onChanged(wide);
            }
            if (found == Cell.SEALED || found == value) {
                return found == value ? next : Cell.SEALED;
            }
        }
    }

    /**
     * Applies a step to a counter, creating it if the step does so. <em>Key lock.</em>
     *
     * @return the value after the step; {@link Cell#SEALED} if nothing was done because the table is {@link
     *     Room#EXHAUSTED exhausted}
     * @throws CapacityExceededException there is no room for it; nothing was changed
     * @throws CounterOverflowException the result would leave the range; nothing was changed
     */
    public final long apply(String key, CellUpdate step) {
        Cell cell = find(key);
        if (cell == null || cell.get() == Cell.SEALED) {
            long first = checked(key, step, step.initial(), lowest);
            return step.creates() ? create(key, first) : first;
        }
        if (step instanceof CellUpdate.Add add && Cell.isSmallStep(add.step())) {
            long raw = cell.inc(add.step());
            if (!Cell.isSealed(raw)) {
                return Cell.isFastResult(raw) ? raw : upgradeCell(key, raw);
            }
        }
        long done = apply(key, cell, step);
        return done != Cell.SEALED ? done : replaceCell(key, cell, step);
    }

    /**
     * Replaces the cell after a raw result that was neither ordinary nor sealed, if that is still required. <em>Key
     * lock.</em>
     *
     * @return the value that the raw result represents
     */
    public final long upgradeCell(String key, long raw) {
        Cell cell = find(key);
        long value = cell == null ? Cell.SEALED : cell.get();
        if (value != Cell.SEALED && (cell instanceof StripedCell || !Cell.isFastResult(value))) {
            value = cell instanceof WideCell ? value : replaceCell(key, cell, new CellUpdate.Add(0, 0));
        }
        return raw != Cell.APPLIED_UNREAD ? raw : value == Cell.SEALED ? 0 : value;
    }

    private long create(String key, long value) {
        switch (reserve(1)) {
            case FULL -> throw new CapacityExceededException(namespace, key, capacity);
            case EXHAUSTED -> {
                return Cell.SEALED;
            }
            default -> {
                KeyedCell from = new WideCell(key);
                from.init(value);
                return insert(key, from);
            }
        }
    }

    /** Seals a cell and replaces it by one with the value after the step. */
    private long replaceCell(String key, Cell cell, CellUpdate step) {
        WideCell wide = new WideCell(key);
        KeyedCell same = cell instanceof StripedCell ? new StripedCell(key) : wide;
        long next = cell.seal();
        try {
            return next = checked(key, step, next, lowestAllowed(next));
        } finally {
            KeyedCell successor = Cell.hasHeadroom(next) ? same : wide;
            successor.init(next);
            replace(key, cell, successor);
        }
    }

    /**
     * Returns the lowest result allowed: a value below the lowest, which was moved here from elsewhere, may increase.
     */
    private long lowestAllowed(long value) {
        return Math.min(lowest, value);
    }

    private long checked(String key, CellUpdate step, long value, long least) {
        long next;
        try {
            next = step.applyAsLong(value);
        } catch (ArithmeticException e) {
            next = Long.MIN_VALUE;
        }
        if (next == Long.MIN_VALUE || next < least) {
            throw new CounterOverflowException(namespace, key, step.describe(value), lowest);
        }
        return next;
    }
}
