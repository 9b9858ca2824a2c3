package org.counterex.backend.counters.provider;

import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.StripedCell;
import org.counterex.table.MapTable;

/**
 * Bounded table of counters, each of which is spread over stripes once threads contend for it. A map of the JDK is fast
 * enough to find them: calls spend their time in the cells.
 */
final class CountersTable extends MapTable {

    private final boolean striped;

    /** @param striped whether a counter may be spread over stripes; otherwise it is a single number */
    CountersTable(String namespace, long capacity, boolean striped) {
        super(namespace, capacity);
        this.striped = striped;
    }

    @Override
    protected KeyedCell newCell(String key) {
        return striped ? new StripedCell(key) : new LongCell(key);
    }

    @Override
    public long inc(String key, long step) {
        KeyedCell cell = cell(key);
        return cell instanceof StripedCell many
                ? many.inc(step)
                : cell instanceof LongCell one ? one.inc(step) : Cell.SEALED;
    }

    @Override
    public long add(String key, long step) {
        KeyedCell cell = cell(key);
        return cell instanceof StripedCell many
                ? many.add(step)
                : cell instanceof LongCell one ? one.add(step) : Cell.SEALED;
    }
}
