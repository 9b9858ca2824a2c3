package org.counterex.registry.provider.placement;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.registry.provider.backend.AbandonableLock;
import org.counterex.registry.provider.backend.BackendHandle;

/** A table, of a backend or the registry's own. */
public final class TableStore extends CounterStore {

    private final BackendHandle backend;
    private final CellTable table;
    private final boolean restored;

    /** Room that is reserved for counters that are to be handed over. */
    private final AtomicLong reserved = new AtomicLong();

    public TableStore(BackendHandle backend, CellTable table) {
        this(backend, table, false);
    }

    /** @param found whether the backend came with this table */
    public TableStore(BackendHandle backend, CellTable table, boolean found) {
        this.backend = backend;
        this.table = table;
        this.restored = found;
    }

    /** Whether the backend came with this table, so that others may have made a home of it at the same time. */
    public boolean isRestored() {
        return restored;
    }

    public CellTable table() {
        return table;
    }

    @Override
    public BackendHandle backend() {
        return backend;
    }

    /** Reserves room for counters to be handed over. */
    public CellTable.Room reserve(long counters) {
        CellTable.Room room = table.reserve(counters);
        if (room == CellTable.Room.GRANTED) {
            reserved.addAndGet(counters);
        }
        return room;
    }

    /** Gives back what was reserved and not needed: counters were deleted before they came. */
    public void releaseReservation() {
        table.release(reserved.getAndSet(0));
    }

    @Override
    public void awaitDurable() {
        table.awaitDurable();
    }

    @Override
    public long apply(AbandonableLock stripe, String key, CellUpdate step, boolean told) {
        return table.apply(key, step);
    }

    @Override
    public OptionalLong get(AbandonableLock stripe, String key) {
        Cell cell = live(key);
        return cell == null ? OptionalLong.empty() : OptionalLong.of(cell.get());
    }

    @Override
    public OptionalLong remove(AbandonableLock stripe, String key) {
        return table.remove(key);
    }

    @Override
    long insert(String key, Cell from) {
        if (live(key) != null) {
            return Cell.SEALED;
        }
        long value = table.insert(key, from);
        reserved.decrementAndGet();
        return value;
    }

    /** Where two places hold a part of one counter: what a backend held before it was bound, or deltas of its absence. */
    @Override
    public void merge(AbandonableLock stripe, String key, long value) {
        table.apply(key, new CellUpdate.Add(value, 0));
    }

    @Override
    public long transfer(AbandonableLock stripe, String key, CounterStore target) {
        CounterStore to = target instanceof DetachedStore away ? away.targetFor(this) : target;
        Cell cell = live(key);
        if (cell == null) {
            return Cell.SEALED;
        }
        long value = to.insert(key, cell);
        if (value == Cell.SEALED) {
            value = merged(stripe, key, cell, to);
        }
        table.removeMoved(key, cell);
        return value;
    }

    private long merged(AbandonableLock stripe, String key, Cell cell, CounterStore to) {
        long value = cell.seal();
        stripe.onAbandon(() -> table.restore(key, cell, value));
        try {
            to.merge(stripe, key, value);
            stripe.onAbandon(null);
            return value;
        } catch (AbandonableLock.AbandonedException e) {
            throw e; // restored by who abandoned the stripe
        } catch (RuntimeException e) {
            stripe.onAbandon(null);
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

    private Cell live(String key) {
        Cell cell = table.find(key);
        return cell == null || cell.get() == Cell.SEALED ? null : cell;
    }
}
