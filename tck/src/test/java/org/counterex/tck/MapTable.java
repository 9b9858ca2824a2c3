package org.counterex.tck;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.WideCell;

/** Minimal table: a concurrent map from keys to cells. */
class MapTable extends CellTable {

    private final Map<String, Cell> cells = newMap();
    private final Function<String, KeyedCell> kind;

    /** @param kind creates a cell for values with headroom */
    MapTable(long capacity, long lowest, Function<String, KeyedCell> kind) {
        super("namespace", capacity, lowest);
        this.kind = kind;
    }

    @Override
    public long inc(String key, long step) {
        Cell cell = find(key);
        return cell == null ? Cell.SEALED : cell.inc(step);
    }

    @Override
    public long add(String key, long step) {
        Cell cell = find(key);
        return cell == null ? Cell.SEALED : cell.add(step);
    }

    @Override
    public long get(String key) {
        Cell cell = find(key);
        return cell == null ? Cell.SEALED : cell.get();
    }

    @Override
    public Cell find(String key) {
        return cells().get(key);
    }

    @Override
    public void forEachKey(Consumer<String> action) {
        cells().keySet().forEach(action);
    }

    @Override
    protected long link(String key, Cell from) {
        KeyedCell fast = newCell(key);
        KeyedCell wide = new WideCell(key);
        long value = from.seal();
        return put(key, Cell.hasHeadroom(value) ? fast : wide, value);
    }

    @Override
    protected void replace(String key, Cell sealed, KeyedCell successor) {
        cells().put(key, successor);
    }

    @Override
    protected void unlink(String key, Cell sealed) {
        cells().remove(key);
    }

    Map<String, Cell> newMap() {
        return new ConcurrentHashMap<>();
    }

    Map<String, Cell> cells() {
        return cells;
    }

    KeyedCell newCell(String key) {
        return kind.apply(key);
    }

    long put(String key, KeyedCell cell, long value) {
        cell.init(value);
        cells().put(key, cell);
        return value;
    }
}
