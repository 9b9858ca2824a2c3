package org.counterex.api.backend.table;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterOverflowException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Counters of one namespace in one backend.
 *
 * <p>The abstract methods locate cells and are all that a backend implements; the steps of an operation on a counter are
 * implemented here. Methods marked <em>key lock</em> require that the caller holds the lock of that key; no other thread seals a
 * cell of the key meanwhile, so a sealed cell means an absent counter. The other methods may be called from any thread.
 *
 * <p><b>Room.</b> Room is reserved before a cell is inserted. A move reserves room for all counters of the namespace at once;
 * new keys get only the rest.
 *
 * <p>A table lives once: after it has been discarded as the source of a move it is never used again.
 */
@ProviderType
public abstract class CellTable extends CellLookup {

    /** Result of a request for room. */
    public enum Room {
        /** There is room, and it is reserved. */
        GRANTED,
        /** The capacity is used up by the counters of the table and by reservations. */
        FULL,
        /** There is capacity, but slots of removed counters cannot be reused in this table: a new table is required. */
        EXHAUSTED
    }

    private final String namespace;
    private final long capacity;
    private final long lowest;

    /** Number of counters in the table and of reservations. */
    private final AtomicLong taken = new AtomicLong();

    private final AtomicLong live = new AtomicLong();

    /**
     * @param capacity the highest number of counters; {@link Long#MAX_VALUE} if unbounded
     * @param lowest the lowest value of a counter: {@code -Long.MAX_VALUE} or 0
     */
    protected CellTable(String namespace, long capacity, long lowest) {
        this.namespace = namespace;
        this.capacity = capacity;
        this.lowest = lowest;
    }

    /** Returns the cell of a key, which may be sealed; null if there is none. */
    public abstract Cell find(String key);

    /**
     * Passes on every key that is present throughout the call, and possibly others, possibly repeatedly.
     */
    public abstract void forEachKey(Consumer<String> action);

    /**
     * Creates a cell for an absent key, seals {@code from}, sets the cell to its final value and publishes it. Everything that can
     * fail must be done before the seal. <em>Key lock.</em>
     *
     * @return the final value
     */
    protected abstract long link(String key, Cell from);

    /** Publishes a cell in place of a sealed one; must not fail. <em>Key lock.</em> */
    protected abstract void replace(String key, Cell sealed, KeyedCell successor);

    /** Removes a sealed cell; must not fail. <em>Key lock.</em> */
    protected abstract void unlink(String key, Cell sealed);

    /**
     * Allocates room for cells at once, in a table that would otherwise grow: a hint. Called at most once, before the table is
     * published.
     */
    public void presize(long cells) {}

    /** Called after an update of a {@link WideCell}, by the updating thread: for a table that writes values elsewhere. */
    protected void onChanged(WideCell cell) {}

    /**
     * Called after a counter was removed, and not transferred: for a table that writes values elsewhere. <em>Key lock.</em>
     */
    protected void onRemoved(String key) {}

    /**
     * Waits until every operation of the calling thread on this table is as durable as the table promises. Called without any
     * lock, before the result is returned to a caller.
     *
     * @throws BackendUnavailableException the operations were applied, but are not durable yet
     */
    public void awaitDurable() {}

    /**
     * Reserves slots for cells, in a table that cannot reuse slots.
     *
     * @return false if there are not enough
     */
    protected boolean reserveSlots(long cells) {
        return true;
    }

    /** Releases slots that were reserved and not used. */
    protected void releaseSlots(long cells) {}

    /** Returns the namespace of the counters. */
    public final String namespace() {
        return namespace;
    }

    /** Returns the highest number of counters; {@link Long#MAX_VALUE} if unbounded. */
    public final long capacity() {
        return capacity;
    }

    /** Returns the lowest value that an operation may produce. A counter that was moved here may have a lower one temporarily. */
    public final long lowest() {
        return lowest;
    }

    /** Returns the number of counters. */
    public final long size() {
        return live.get();
    }

    /** Reserves room for cells to be inserted, for all of them or for none. */
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

    /** Releases reserved room that was not used. */
    public final void release(long cells) {
        releaseSlots(cells);
        taken.addAndGet(-cells);
    }

    /**
     * Takes a counter over from another cell, in reserved room: seals {@code from} and continues here. <em>Key lock.</em>
     *
     * @return the final value of {@code from}
     */
    public final long insert(String key, Cell from) {
        long value = link(key, from);
        live.incrementAndGet();
        return value;
    }

    /**
     * Removes a counter. <em>Key lock.</em>
     *
     * @return its final value; empty if it was absent
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

    /** Removes a cell that was sealed because its counter was transferred. <em>Key lock.</em> */
    public final void removeMoved(String key, Cell sealed) {
        unlink(key, sealed);
        live.decrementAndGet();
        taken.decrementAndGet();
    }

    /** Restores a counter whose cell was sealed and whose value could not be transferred. <em>Key lock.</em> */
    public final void restore(String key, Cell sealed, long value) {
        KeyedCell successor = new WideCell(key);
        successor.init(value);
        replace(key, sealed, successor);
    }

    /**
     * Updates an existing counter, on a cell that can be updated without the key lock.
     *
     * @return the value after the update; {@link Cell#SEALED} if nothing was done and the key lock is required
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
            long met = next == value ? value : cell.compareAndExchange(value, next);
            if (met == value && next != value && cell instanceof WideCell wide) {
                onChanged(wide);
            }
            if (met == Cell.SEALED || met == value) {
                return met == value ? next : Cell.SEALED;
            }
        }
    }

    /**
     * Updates a counter, creating it if the update does so. <em>Key lock.</em>
     *
     * @return the value after the update; {@link Cell#SEALED} if nothing was done because the table is {@link Room#EXHAUSTED exhausted}
     * @throws CapacityExceededException there is no room for a new counter; nothing was changed
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
     * Replaces a cell whose raw result was neither fast nor sealed, if that is still necessary. <em>Key lock.</em>
     *
     * @return the value that the raw result stands for
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

    /** Seals a cell and publishes a successor with the updated value. */
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

    /** Returns the lowest value that an update of a value may produce: a value below the lowest, moved here, may go up. */
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
