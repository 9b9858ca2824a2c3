package org.counterex.registry.provider.placement;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.counterex.api.CounterNames;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.registry.provider.backend.AbandonableLock;
import org.counterex.registry.provider.backend.BackendHandle;

/** Store over one table, of a backend or the registry's own. */
public final class TableStore extends CounterStore {

    private final BackendHandle backend;
    private final CellTable table;
    private final boolean restored;

    /** Number of counters for which room is reserved and that have not been transferred yet. */
    private final AtomicLong reserved = new AtomicLong();

    /** @param backend the owner of the table; null if it is the registry's own */
    public TableStore(BackendHandle backend, CellTable table) {
        this(backend, table, false);
    }

    /** @param restored whether the backend brought this table, so that several stores may be made of it */
    public TableStore(BackendHandle backend, CellTable table, boolean restored) {
        this.backend = backend;
        this.table = table;
        this.restored = restored;
    }

    /** Returns the table of this store. */
    public CellTable table() {
        return table;
    }

    @Override
    public BackendHandle backend() {
        return backend;
    }

    /** Reserves room for counters to be transferred. */
    public CellTable.Room reserve(long counters) {
        CellTable.Room room = table.reserve(counters);
        if (room == CellTable.Room.GRANTED) {
            reserved.addAndGet(counters);
        }
        return room;
    }

    /** Counters may have been deleted before they were transferred: their room is given back. */
    @Override
    public void releaseReservation() {
        table.release(reserved.getAndSet(0));
    }

    /**
     * Allocates the memory for counters to be transferred, if the table is new.
     *
     * @return false if there is not enough memory at once; the table then has to grow, if it can
     */
    public boolean presize(long counters) {
        try {
            if (size() == 0) { // a table that was restored with counters may already be in use
                table.presize(counters);
            }
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    /** Returns a counter with a negative value, as {@code key=name value=number}; null if there is none. */
    public String findNegative() {
        String[] found = new String[1];
        table.forEachKey(key -> {
            Cell cell = table.find(key);
            long value = cell == null ? Cell.SEALED : cell.get();
            if (value != Cell.SEALED && value < 0) {
                found[0] = "key=" + CounterNames.printable(key) + " value=" + value;
            }
        });
        return found[0];
    }

    @Override
    public void activate() {
        if (backend != null) {
            backend.claimed(table);
            backend.tables().activate(table);
        }
    }

    @Override
    public void discard() {
        if (backend != null) {
            backend.tables().discard(table);
        }
    }

    @Override
    public void discardUnused() {
        if (backend != null) {
            releaseReservation();
            if (!restored) {
                discard();
            }
        }
    }

    @Override
    public void awaitDurable() {
        table.awaitDurable();
    }

    @Override
    public long apply(AbandonableLock lock, String key, CellUpdate update, boolean wantsResult) {
        return table.apply(key, update);
    }

    @Override
    public OptionalLong get(AbandonableLock lock, String key) {
        Cell cell = unsealed(key);
        return cell == null ? OptionalLong.empty() : OptionalLong.of(cell.get());
    }

    @Override
    public OptionalLong remove(AbandonableLock lock, String key) {
        return table.remove(key);
    }

    @Override
    public long insert(String key, Cell from) {
        if (unsealed(key) != null) {
            return Cell.SEALED;
        }
        long value = table.insert(key, from);
        reserved.decrementAndGet();
        return value;
    }

    /**
     * Both stores hold a part of the counter: from before the backend was bound, or from additions while it was
     * detached.
     */
    @Override
    public void merge(AbandonableLock lock, String key, long value) {
        table.apply(key, new CellUpdate.Add(value, 0));
    }

    @Override
    public long transfer(AbandonableLock lock, String key, CounterStore target) {
        CounterStore to = target instanceof DetachedStore detached ? detached.targetFor(this) : target;
        Cell cell = unsealed(key);
        if (cell == null) {
            return Cell.SEALED;
        }
        long value = to.insert(key, cell);
        if (value == Cell.SEALED) {
            value = sealAndMerge(lock, key, cell, to);
        }
        table.removeMoved(key, cell);
        return value;
    }

    private long sealAndMerge(AbandonableLock lock, String key, Cell cell, CounterStore to) {
        long value = cell.seal();
        lock.onAbandon(() -> table.restore(key, cell, value));
        try {
            to.merge(lock, key, value);
            lock.onAbandon(null);
            return value;
        } catch (AbandonableLock.AbandonedException e) {
            throw e; // restored by the thread that abandoned the lock
        } catch (RuntimeException e) {
            lock.onAbandon(null);
            table.restore(key, cell, value);
            throw e;
        }
    }

    @Override
    public void keys(Consumer<String> action) {
        table.forEachKey(action);
    }

    @Override
    public long size() {
        return table.size();
    }

    private Cell unsealed(String key) {
        Cell cell = table.find(key);
        return cell == null || cell.get() == Cell.SEALED ? null : cell;
    }
}
