package org.counterex.table;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.WideCell;

/**
 * Table of cells in a {@link ConcurrentHashMap}. A subclass chooses the kind of cell and implements {@link #inc} and
 * {@link #add} for it, so that the fast path tests for that class and makes no virtual call.
 */
public abstract class MapTable extends CellTable {

    /** The largest initial capacity of a {@link ConcurrentHashMap}. */
    private static final int MAX_PRESIZED = 1 << 29;

    private volatile ConcurrentMap<String, KeyedCell> cells = new ConcurrentHashMap<>();

    /**
     * Creates an empty table for values from {@code -Long.MAX_VALUE}.
     *
     * @param capacity the largest number of counters; {@link Long#MAX_VALUE} if unbounded
     */
    protected MapTable(String namespace, long capacity) {
        super(namespace, capacity, -Long.MAX_VALUE);
    }

    /** Creates a cell with the value 0, for values that {@linkplain Cell#hasHeadroom have headroom}. */
    protected abstract KeyedCell newCell(String key);

    /** Returns the cell of a key, which may be sealed; null if there is none. */
    protected final KeyedCell cell(String key) {
        return cells.get(key);
    }

    @Override
    public void presize(long expectedCells) {
        cells = new ConcurrentHashMap<>((int) Math.min(expectedCells, MAX_PRESIZED));
    }

    @Override
    public long get(String key) {
        KeyedCell cell = cells.get(key);
        return cell == null ? Cell.SEALED : cell.get();
    }

    @Override
    public Cell find(String key) {
        return cells.get(key);
    }

    @Override
    public void forEachKey(Consumer<String> action) {
        cells.keySet().forEach(action);
    }

    @Override
    protected long link(String key, Cell from) {
        KeyedCell cell = newCell(key);
        WideCell wide = from.fitsFast() ? null : new WideCell(key);
        // Sealed as a placeholder: putting it may allocate, and nothing may fail once the source is sealed.
        cell.seal();
        cells.put(key, cell);
        long value = from.seal();
        if (wide == null || Cell.hasHeadroom(value)) {
            cell.init(value);
        } else {
            wide.init(value);
            replace(key, cell, wide);
        }
        return value;
    }

    @Override
    protected void replace(String key, Cell sealed, KeyedCell successor) {
        cells.replace(key, successor);
    }

    @Override
    protected void unlink(String key, Cell sealed) {
        cells.remove(key, sealed);
    }
}
