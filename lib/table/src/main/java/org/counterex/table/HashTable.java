package org.counterex.table;

import java.util.function.Consumer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.WideCell;

/**
 * Any number of counters in one hash table whose entries are the cells.
 *
 * <p>It is a chain of {@link Level levels}, which has one member but while the table grows. Calls on existing counters
 * are never held up by growth. A call that creates a counter carries the growth out if it is the one that finds no room;
 * another one waits for it only if the next level, too, has filled meanwhile.
 *
 * <p>What callers search is the array of {@link #level}, or of an older one: those who miss ask again under the key lock.
 */
public class HashTable extends CellTable {

    /** The longest array that every VM makes, with each counter leaving it a quarter full. */
    private static final long CAPACITY = 500_000_000;

    private final Object growth = new Object();

    /** The oldest level that is complete: everything that is in the table is found from here. */
    private volatile Level level;

    /** An empty table. */
    public HashTable(String namespace) {
        this(namespace, new Level(0));
    }

    /** A table that begins with a level which nobody else uses. */
    HashTable(String namespace, Level level) {
        super(namespace, CAPACITY, -Long.MAX_VALUE);
        this.level = level;
        index(level.entries());
    }

    /** Makes a cell for a key, with the value 0: an ordinary one, unless the table is of another kind. */
    protected KeyedCell newCell(String key) {
        return new LongCell(key);
    }

    /**
     * Told when a new cell stands in its place, sealed, and is about to get its value: for a table that writes values
     * elsewhere. <em>Key lock.</em>
     */
    protected void onPlaceholder(String key) {}

    @Override
    public void presize(long cells) {
        level = new Level((int) cells);
        index(level.entries());
    }

    @Override
    public long inc(String key, long step) {
        KeyedCell cell = find(key);
        return cell == null ? Cell.SEALED : cell.inc(step);
    }

    @Override
    public long add(String key, long step) {
        return inc(key, step);
    }

    @Override
    public long get(String key) {
        KeyedCell cell = find(key);
        return cell == null ? Cell.SEALED : cell.get();
    }

    @Override
    public KeyedCell find(String key) {
        Level here = level;
        KeyedCell cell;
        while ((cell = search(here.entries(), key)) == FORWARD) {
            here = here.next();
        }
        return cell;
    }

    @Override
    public void forEachKey(Consumer<String> action) {
        for (Level here = level; here != null; here = here.next()) {
            here.forEachKey(action);
        }
    }

    @Override
    protected long link(String key, Cell from) {
        KeyedCell cell = newCell(key);
        WideCell wide = cell instanceof WideCell || from.fitsFast() ? null : new WideCell(key);
        // Sealed it keeps the place: to find one may take memory, and after the other is sealed nothing may fail.
        cell.seal();
        put(cell);
        onPlaceholder(key);
        long value = from.seal();
        if (wide == null || Cell.hasHeadroom(value)) {
            cell.init(value);
        } else {
            wide.init(value);
            replace(key, cell, wide);
        }
        return value;
    }

    private void put(KeyedCell cell) {
        Level here = level;
        while (!admitted(here).put(cell)) {
            here = here.next();
        }
    }

    private Level admitted(Level here) {
        if (!here.tryReserve()) {
            synchronized (growth) {
                if (here.next() == null) {
                    Level grown = here.grow();
                    index(grown.entries());
                    level = grown;
                }
            }
        }
        return here;
    }

    @Override
    protected void replace(String key, Cell sealed, KeyedCell successor) {
        // ORDER volatile: the next level is read after this one was changed; see Level on copying.
        for (Level here = level; here != null; here = here.next()) {
            here.replace((KeyedCell) sealed, successor);
        }
    }

    @Override
    protected void unlink(String key, Cell sealed) {
        for (Level here = level; here != null; here = here.next()) {
            here.remove((KeyedCell) sealed);
        }
    }
}
