package org.counterex.table;

import java.util.function.Consumer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.WideCell;

/**
 * Growing table of counters: a hash table whose entries are the cells.
 *
 * <p><b>Structure.</b> A chain of {@link Level levels}, which has more than one member only while the table grows.
 *
 * <p><b>Growth.</b> Calls on existing counters never wait for growth. A call that creates a counter and finds no room
 * carries the growth out itself; another creating call waits for it only if the next level has become full as well.
 *
 * <p><b>Accepted race.</b> Callers search the array of {@link #level} or of an older level, so a search may miss a
 * counter; callers that miss repeat the look-up under the key lock.
 */
public class HashTable extends CellTable {

    /** The largest number of counters: a level of four times this length is still an array that every JVM supports. */
    private static final long CAPACITY = 500_000_000;

    private final Object growthLock = new Object();

    /** The oldest level that is complete: a search that starts here reaches every counter. */
    private volatile Level level;

    /** Creates an empty table. */
    public HashTable(String namespace) {
        this(namespace, new Level(0));
    }

    /** Creates a table whose first level is given, for tests; no other table may use it. */
    HashTable(String namespace, Level level) {
        super(namespace, CAPACITY, -Long.MAX_VALUE);
        this.level = level;
        index(level.entries());
    }

    /** Creates a cell with the value 0. The default is a {@link LongCell}; a subclass may choose another kind. */
    protected KeyedCell newCell(String key) {
        return new LongCell(key);
    }

    /**
     * Called when a new cell has been put, sealed as a placeholder, before it gets its value: for a table that also
     * writes values elsewhere. <em>Key lock.</em>
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
        // Sealed as a placeholder: putting it may allocate, and nothing may fail once the source is sealed.
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
        while (!withRoom(here).put(cell)) {
            here = here.next();
        }
    }

    /** Returns the level, with an entry reserved or with a successor. */
    private Level withRoom(Level here) {
        if (!here.tryReserve()) {
            synchronized (growthLock) {
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
        // ORDER volatile: the next level is read after this one was changed; see Level on replacement during growth.
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
