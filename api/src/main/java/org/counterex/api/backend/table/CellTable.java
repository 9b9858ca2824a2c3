package org.counterex.api.backend.table;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterOverflowException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The counters of one namespace in one backend.
 *
 * <p>The abstract methods say where cells are and are all that a backend writes; the steps of a call on a counter are
 * here, once. Those marked <em>key lock</em> are for the holder of the lock of that key alone; under it no cell of the
 * key is sealed by anybody else, so a sealed one means an absent counter. The others are for any thread.
 *
 * <p><b>Room.</b> Every cell that is inserted was reserved room for before. Whoever moves a namespace here reserves for
 * all of its counters at once; new keys get only the rest.
 *
 * <p>A table lives once: after it has been given up as the source of a move it is never used again.
 */
@ProviderType
public abstract class CellTable extends CellLookup {

    /** How a request for room ended. */
    public enum Room {
        /** There is room, and it is kept. */
        GRANTED,
        /** The counters that are here, or reserved for, leave no such room. */
        FULL,
        /** There would be, but places of removed counters cannot be used again in this table: it wants a successor. */
        EXHAUSTED
    }

    private final String namespace;
    private final long capacity;
    private final long lowest;

    /** Counters that are here or reserved for. */
    private final AtomicLong taken = new AtomicLong();

    private final AtomicLong live = new AtomicLong();

    /**
     * @param capacity the counters that may be here; {@link Long#MAX_VALUE} if there is no bound
     * @param lowest the lowest value of a counter: {@code -Long.MAX_VALUE} or 0
     */
    protected CellTable(String namespace, long capacity, long lowest) {
        this.namespace = namespace;
        this.capacity = capacity;
        this.lowest = lowest;
    }

    /** The cell of a key, null if there is none; may be sealed. */
    public abstract Cell find(String key);

    /**
     * Shows every key that is present throughout the call, and perhaps others, perhaps repeatedly.
     */
    public abstract void forEachKey(Consumer<String> action);

    /**
     * Makes a cell for an absent key, seals {@code from}, gives the cell its final value and publishes it. In this order:
     * what can fail comes before the seal. <em>Key lock.</em>
     *
     * @return the final value
     */
    protected abstract long link(String key, Cell from);

    /** Publishes a cell in the place of a sealed one; does not fail. <em>Key lock.</em> */
    protected abstract void replace(String key, Cell sealed, KeyedCell successor);

    /** Takes a sealed cell out; does not fail. <em>Key lock.</em> */
    protected abstract void unlink(String key, Cell sealed);

    /**
     * Makes room at once for cells to come, in a table that grows otherwise: a hint. Called at most once, before the table
     * is given to anybody else.
     */
    public void presize(long cells) {}

    /** Told after a step on a {@link WideCell}, of whoever took it: for a table that writes values elsewhere. */
    protected void onChanged(WideCell cell) {}

    /**
     * Told after a counter was removed, and not handed over: for a table that writes values elsewhere. <em>Key lock.</em>
     */
    protected void onRemoved(String key) {}

    /**
     * Returns when all that the calling thread has done here is as safe as this table promises. The owner calls it before
     * it returns to a caller, without any lock.
     *
     * @throws BackendUnavailableException it was done, and is not safe yet
     */
    public void awaitDurable() {}

    /**
     * Keeps places for cells to come, in a table that cannot use a place twice.
     *
     * @return whether there are so many
     */
    protected boolean reserveSlots(long cells) {
        return true;
    }

    /** Gives places back that were kept and not used. */
    protected void releaseSlots(long cells) {}

    public final String namespace() {
        return namespace;
    }

    /** The counters that may be here; {@link Long#MAX_VALUE} if there is no bound. */
    public final long capacity() {
        return capacity;
    }

    /** The lowest value that a call may give a counter. One that was moved here may have a lower one for a while. */
    public final long lowest() {
        return lowest;
    }

    /** The number of counters. */
    public final long size() {
        return live.get();
    }

    /** Reserves room for cells to be inserted: for all of them or for none. */
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

    /** Gives reserved room back that was not used. */
    public final void release(long cells) {
        releaseSlots(cells);
        taken.addAndGet(-cells);
    }

    /**
     * Hands a counter over: seals {@code from} and goes on counting here, in room that was reserved. <em>Key lock.</em>
     *
     * @return the value that was handed over
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

    /** Takes out a cell that was sealed because its counter was handed over elsewhere. <em>Key lock.</em> */
    public final void removeMoved(String key, Cell sealed) {
        unlink(key, sealed);
        live.decrementAndGet();
        taken.decrementAndGet();
    }

    /** Puts a counter back whose cell was sealed and whose value found no other place. <em>Key lock.</em> */
    public final void restore(String key, Cell sealed, long value) {
        KeyedCell successor = new WideCell(key);
        successor.init(value);
        replace(key, sealed, successor);
    }

    /**
     * Takes a step on an existing counter, on a cell that can do so without the key lock.
     *
     * @return the value after it; {@link Cell#SEALED} if nothing was done and the key lock is needed
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
     * Takes a step on a counter, creating it if the step does so. <em>Key lock.</em>
     *
     * @return the value after it; {@link Cell#SEALED} if nothing was done because the table is {@link Room#EXHAUSTED worn}
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
     * After a raw result that was neither ordinary nor gone: lets another cell take over if it is still needed.
     * <em>Key lock.</em>
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

    /** Seals a cell and lets another take over with what the step makes of its value. */
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

    /** The least that a call may make of a value: one below the lowest, moved here from elsewhere, may go up. */
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
