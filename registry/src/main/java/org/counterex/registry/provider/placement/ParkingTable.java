package org.counterex.registry.provider.placement;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.WideCell;

/** The registry's own table: unbounded, for counters that no backend can hold at present. */
public class ParkingTable extends CellTable {

    /** No map from the JDK becomes larger at once. */
    private static final int MOST_EXPECTED = 1 << 29;

    private volatile ConcurrentMap<String, KeyedCell> cells = new ConcurrentHashMap<>();

    public ParkingTable(String namespace) {
        super(namespace, Long.MAX_VALUE, -Long.MAX_VALUE);
    }

    @Override
    public void presize(long cellsToCome) {
        cells = new ConcurrentHashMap<>((int) Math.min(cellsToCome, MOST_EXPECTED));
    }

    @Override
    public long inc(String key, long step) {
        return cells.get(key) instanceof LongCell cell ? cell.inc(step) : Cell.SEALED;
    }

    @Override
    public long add(String key, long step) {
        return inc(key, step);
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
        LongCell cell = new LongCell(key);
        WideCell wide = from.fitsFast() ? null : new WideCell(key);
        // Sealed it keeps the place: the map may have to allocate, and after the other is sealed nothing may fail.
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
