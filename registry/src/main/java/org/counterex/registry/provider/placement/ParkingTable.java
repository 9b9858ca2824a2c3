package org.counterex.registry.provider.placement;

import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.table.MapTable;

/** The registry's own table: unbounded, for counters that no backend can hold at present. */
public class ParkingTable extends MapTable {

    public ParkingTable(String namespace) {
        super(namespace, Long.MAX_VALUE);
    }

    @Override
    protected KeyedCell newCell(String key) {
        return new LongCell(key);
    }

    @Override
    public long inc(String key, long step) {
        return cell(key) instanceof LongCell cell ? cell.inc(step) : Cell.SEALED;
    }

    @Override
    public long add(String key, long step) {
        return inc(key, step);
    }
}
