package org.counterex.backend.mvstore.provider;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.TrackedCell;
import org.counterex.api.backend.table.WideCell;
import org.counterex.table.HashTable;

/**
 * A hash table that notes which of its counters have changed, for the {@link Journal}.
 *
 * <p><b>Invariant.</b> When a call on a counter returns, what the file is told next or was told last is what the call made of
 * it, or its key is in {@link #changed}. Who changes a counter does so first and notes the key afterwards; the journal takes
 * the key out first and reads the value afterwards. So a change that it does not see is noted again.
 *
 * <p>A counter that comes is noted before anybody can count on it, and stays noted as long as its cell is sealed: others than
 * who brings it may count on it, and return, before he gets on. So whoever sees a counter leave one table of a journal finds
 * it noted in the other.
 *
 * <p>A counter that was handed over is noted no more: its value in the file stays, until its table is given up.
 *
 * <p>Where calls wait for the disk every counter has a {@link WideCell}, on which nobody counts but by way of the table: so no
 * call passes by {@link #awaitDurable}.
 */
final class StoredTable extends HashTable {

    private final Journal journal;
    private final long number;
    private final boolean confirming;
    private final Set<String> changed = ConcurrentHashMap.newKeySet();

    /** Of the keys in {@link #changed}, those that were removed since, and not handed over. */
    private final Set<String> removed = ConcurrentHashMap.newKeySet();

    /** Who is told of the next change of a cell: another one each time that cells are taken. */
    private final class Watch implements TrackedCell.DirtyListener {
        @Override
        public void onDirty(TrackedCell cell) {
            note(cell.key());
        }
    }

    private boolean loading;
    private volatile boolean used;

    /**
     * @param number the higher, the newer
     * @param confirming whether calls wait for the disk
     */
    StoredTable(String namespace, Journal journal, long number, boolean confirming) {
        super(namespace);
        this.journal = journal;
        this.number = number;
        this.confirming = confirming;
    }

    @Override
    protected KeyedCell newCell(String key) {
        return confirming ? new WideCell(key) : new TrackedCell(key);
    }

    /** The higher, the newer. */
    long number() {
        return number;
    }

    /** Puts a counter here as it is in the file, before anybody else knows this table. */
    void load(String key, long value) {
        WideCell from = new WideCell(key);
        from.init(value);
        loading = true;
        reserve(1);
        insert(key, from);
        loading = false;
        taken(key, new Watch());
    }

    /** Whether a counter was ever here. */
    boolean isUsed() {
        return used;
    }

    @Override
    protected void onPlaceholder(String key) {
        used = true;
        note(key);
    }

    @Override
    protected void replace(String key, Cell sealed, KeyedCell successor) {
        super.replace(key, sealed, successor);
        note(key);
    }

    @Override
    protected void onChanged(WideCell cell) {
        note(cell.key());
    }

    @Override
    protected void onRemoved(String key) {
        removed.add(key);
        note(key);
    }

    private void note(String key) {
        if (!loading) {
            changed.add(key);
            journal.changed(this);
        }
    }

    @Override
    public void awaitDurable() {
        if (confirming) {
            journal.flush(namespace());
        }
    }

    /** The number of counters that the file is to be told of. */
    int changes() {
        return changed.size();
    }

    /**
     * Tells the journal of what has changed: once, unless it is {@linkplain #again told again}.
     *
     * @return whether a counter was met on its way: it is here or in another table of this journal in a moment
     */
    boolean take(Receiver receiver) {
        Watch watch = new Watch();
        boolean passing = false;
        for (String key : changed.toArray(new String[0])) { // each once, as each cell wants a new watch
            changed.remove(key);
            boolean wasRemoved = removed.remove(key);
            long value = taken(key, watch);
            if (value != Cell.SEALED || wasRemoved) {
                try {
                    receiver.take(key, value == Cell.SEALED ? null : value, wasRemoved);
                } catch (OutOfMemoryError e) {
                    again(key, wasRemoved);
                    throw e;
                }
            }
            if (value == Cell.SEALED) {
                boolean sealed = has(key);
                passing |= sealed || !wasRemoved;
                if (sealed) {
                    note(key);
                }
            }
        }
        return passing;
    }

    /** Who is told of changes. */
    interface Receiver {

        /**
         * @param value null if the counter was removed
         * @param removed whether it was removed, though it may have come again
         */
        void take(String key, Long value, boolean removed);
    }

    /** The value of a counter, the next change of which is noted. */
    private long taken(String key, Watch watch) {
        KeyedCell cell = find(key);
        return cell instanceof TrackedCell tracked
                ? tracked.readAndTrack(watch)
                : cell == null ? Cell.SEALED : cell.get();
    }

    /** After what was taken could not be written. */
    void again(String key, boolean wasRemoved) {
        if (wasRemoved) {
            removed.add(key);
        }
        note(key);
    }

    /** Whether a counter is here, or was sealed a moment ago and is about to be here or elsewhere. */
    boolean has(String key) {
        return find(key) != null;
    }
}
