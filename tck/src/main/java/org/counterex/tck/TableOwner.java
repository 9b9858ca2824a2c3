package org.counterex.tck;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.CellUpdate;

/**
 * Minimal owner of tables: it applies operations to one, without a lock where possible, and moves the counters to a new
 * one meanwhile. Counters are transferred one by one under striped key locks; a call on a counter that is not
 * transferred yet transfers it.
 */
final class TableOwner {

    /** @param source null, or the table that may still have counters; none is created there */
    private record Placement(CellTable current, CellTable source) {}

    private final Supplier<CellTable> tables;
    private final Lock[] stripes = Stream.generate(ReentrantLock::new).limit(8).toArray(Lock[]::new);
    private final Lock moving = new ReentrantLock();
    private final AtomicLong reserved = new AtomicLong();
    private volatile Placement placement;

    TableOwner(Supplier<CellTable> tables) {
        this.tables = tables;
        placement = new Placement(tables.get(), null);
    }

    /** Returns the active table; for use without concurrent calls. */
    CellTable current() {
        return placement.current;
    }

    /** Adds by key. */
    long inc(String key, int step) {
        return counted(key, step, placement.current.inc(key, step));
    }

    /** Adds to a cell that was looked up before, or by key if it has been sealed. */
    long inc(Cell cell, String key, int step) {
        return counted(key, step, cell.inc(step));
    }

    /** Adds by key without returning the value. */
    void add(String key, int step) {
        counted(key, step, placement.current.add(key, step));
    }

    /** Returns the cell of a counter, null if it is absent. */
    Cell find(String key) {
        return locked(key, table -> table.find(key));
    }

    /** Returns the value of a counter. */
    OptionalLong get(String key) {
        return locked(key, table -> {
            Cell cell = table.find(key);
            long value = cell == null ? Cell.SEALED : cell.get();
            return value == Cell.SEALED ? OptionalLong.empty() : OptionalLong.of(value);
        });
    }

    /** Removes a counter. */
    OptionalLong remove(String key) {
        return locked(key, table -> table.remove(key));
    }

    /** Applies any step, creating the counter if the step does so. */
    long apply(String key, CellUpdate step) {
        for (; ; ) {
            CellTable table = placement.current;
            long value = locked(key, current -> current.apply(key, step));
            if (value != Cell.SEALED) {
                return value;
            }
            moveFrom(table); // it is exhausted
        }
    }

    /** Moves the counters to a new table. */
    void move() {
        moveFrom(placement.current);
    }

    private long counted(String key, int step, long raw) {
        if (Cell.isFastResult(raw)) {
            return raw;
        }
        if (Cell.isSealed(raw)) {
            return apply(key, new CellUpdate.Add(step, 0));
        }
        return locked(key, current -> current.upgradeCell(key, raw));
    }

    private void moveFrom(CellTable table) {
        moving.lock();
        try {
            if (placement.current == table) {
                publish(table, tables.get());
                table.forEachKey(key -> locked(key, current -> current));
                placement = new Placement(placement.current, null);
                placement.current.release(reserved.getAndSet(0));
            }
        } finally {
            moving.unlock();
        }
    }

    /** Holds all locks, so that no counter is created in the old table any more and its size is the room required. */
    private void publish(CellTable from, CellTable to) {
        Stream.of(stripes).forEach(Lock::lock);
        try {
            if (to.reserve(from.size()) != CellTable.Room.GRANTED) {
                throw new AssertionError("a new table has no room for the counters of another of its kind");
            }
            reserved.set(from.size());
            placement = new Placement(to, from);
        } finally {
            Stream.of(stripes).forEach(Lock::unlock);
        }
    }

    /**
     * Runs an action on the current table under the key lock, after the transfer of the counter if it is present
     * elsewhere.
     */
    private <R> R locked(String key, Function<CellTable, R> action) {
        Lock stripe = stripes[Math.floorMod(key.hashCode(), stripes.length)];
        stripe.lock();
        try {
            Placement now = placement;
            Cell cell = now.source == null ? null : now.source.find(key);
            if (cell != null && cell.get() != Cell.SEALED) {
                now.current.insert(key, cell);
                reserved.decrementAndGet();
                now.source.removeMoved(key, cell);
            }
            return action.apply(now.current);
        } finally {
            stripe.unlock();
        }
    }
}
