package org.counterex.backend.mvstore.provider.journal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.TrackedCell;
import org.counterex.api.backend.table.WideCell;
import org.counterex.table.HashTable;

/**
 * Hash table that records which of its counters have changed, for the {@link Journal}.
 *
 * <p><b>Invariant.</b> When a call on a counter returns, either the value that the journal took last or will take next
 * includes its effect, or the key is in {@link #changed}. The caller changes the counter first and records the key
 * afterwards; the journal removes the key first and reads the value afterwards. Hence a change that the journal does
 * not see is recorded again.
 *
 * <p><b>Transfer.</b> A counter that arrives is recorded before any caller can reach its cell, and remains recorded
 * while the cell is sealed: other callers may count on it and return before the transferring thread continues. Hence a
 * counter that the journal finds leaving one of its tables is recorded in the other. A counter that was transferred to
 * another store is no longer recorded: its value remains in the file until the table is closed.
 *
 * <p><b>Durable calls.</b> Where calls wait for the disk, each counter has a {@link WideCell}, which callers reach only
 * through the table. Hence no call bypasses {@link #awaitDurable}.
 */
public final class StoredTable extends HashTable {

    private final Journal journal;
    private final long number;
    private final boolean awaitsCommit;
    private final Set<String> changed = ConcurrentHashMap.newKeySet();

    /** The keys in {@link #changed} that were removed since, other than by a transfer. */
    private final Set<String> removed = ConcurrentHashMap.newKeySet();

    /** Listener for the next change of a cell; a new instance for each time that values are taken. */
    private final class ChangeListener implements TrackedCell.DirtyListener {
        @Override
        public void onDirty(TrackedCell cell) {
            record(cell.key());
        }
    }

    private boolean loading;
    private volatile boolean used;

    /**
     * @param number orders the tables of a journal; that of a newer one is higher
     * @param awaitsCommit whether calls wait for the disk
     */
    StoredTable(String namespace, Journal journal, long number, boolean awaitsCommit) {
        super(namespace);
        this.journal = journal;
        this.number = number;
        this.awaitsCommit = awaitsCommit;
    }

    @Override
    protected KeyedCell newCell(String key) {
        return awaitsCommit ? new WideCell(key) : new TrackedCell(key);
    }

    long number() {
        return number;
    }

    /** Inserts a counter from the file, before the table is published. */
    public void load(String key, long value) {
        WideCell from = new WideCell(key);
        from.init(value);
        loading = true;
        reserve(1);
        insert(key, from);
        loading = false;
        readAndTrack(key, new ChangeListener());
    }

    /** Returns whether the table ever had a counter. */
    boolean isUsed() {
        return used;
    }

    @Override
    protected void onPlaceholder(String key) {
        used = true;
        record(key);
    }

    @Override
    protected void replace(String key, Cell sealed, KeyedCell successor) {
        super.replace(key, sealed, successor);
        record(key);
    }

    @Override
    protected void onChanged(WideCell cell) {
        record(cell.key());
    }

    @Override
    protected void onRemoved(String key) {
        removed.add(key);
        record(key);
    }

    private void record(String key) {
        if (!loading) {
            changed.add(key);
            journal.changed(this);
        }
    }

    @Override
    public void awaitDurable() {
        if (awaitsCommit) {
            journal.flush(namespace());
        }
    }

    /** Returns the number of counters with changes to be written. */
    int changes() {
        return changed.size();
    }

    /**
     * Passes each recorded change to a receiver, once unless it is {@linkplain #recordAgain recorded again}.
     *
     * @return whether a counter is in transfer: it will be in this or another table of the journal shortly
     */
    boolean takeChanges(ChangeReceiver receiver) {
        ChangeListener listener = new ChangeListener();
        boolean inTransfer = false;
        for (String key : changed.toArray(new String[0])) { // each key once, as each cell needs a new listener
            changed.remove(key);
            boolean wasRemoved = removed.remove(key);
            long value = readAndTrack(key, listener);
            if (value != Cell.SEALED || wasRemoved) {
                try {
                    receiver.onChange(key, value == Cell.SEALED ? null : value, wasRemoved);
                } catch (OutOfMemoryError e) {
                    recordAgain(key, wasRemoved);
                    throw e;
                }
            }
            if (value == Cell.SEALED) {
                boolean sealed = contains(key);
                inTransfer |= sealed || !wasRemoved;
                if (sealed) {
                    record(key);
                }
            }
        }
        return inTransfer;
    }

    /** Receiver of changes. */
    interface ChangeReceiver {

        /**
         * @param value null if the counter was removed
         * @param removed whether it was removed, even if it was created again
         */
        void onChange(String key, Long value, boolean removed);
    }

    /** Returns the value of a counter, and records its next change. */
    private long readAndTrack(String key, ChangeListener listener) {
        KeyedCell cell = find(key);
        return cell instanceof TrackedCell tracked
                ? tracked.readAndTrack(listener)
                : cell == null ? Cell.SEALED : cell.get();
    }

    /** Records a change that was taken and could not be written. */
    void recordAgain(String key, boolean wasRemoved) {
        if (wasRemoved) {
            removed.add(key);
        }
        record(key);
    }

    /** Returns whether the table has a cell of a counter; a sealed one shortly has a successor here or elsewhere. */
    boolean contains(String key) {
        return find(key) != null;
    }
}
