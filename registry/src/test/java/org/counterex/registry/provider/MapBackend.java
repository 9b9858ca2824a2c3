package org.counterex.registry.provider;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.registry.provider.placement.ParkingTable;

/**
 * A table backend as plain as can be, for what is no matter of a particular table. Its tables dawdle: now and then a look-up
 * takes as long as a move or two, so that what a late thread sees is seen often.
 */
public class MapBackend extends TableBackend {

    public MapBackend(String name) {
        super("map", name, OptionalLong.empty());
    }

    @Override
    protected CellTable newTable(String namespace) {
        return new Dawdling(namespace);
    }

    /** A table on which a look-up takes its time now and then. */
    static class Dawdling extends ParkingTable {

        Dawdling(String namespace) {
            super(namespace);
        }

        @Override
        public Cell find(String key) {
            dawdle();
            Cell cell = super.find(key);
            dawdle();
            return cell;
        }
    }

    @Override
    protected Map<String, String> details() {
        return Map.of();
    }

    private static void dawdle() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextInt(1000) == 0) {
            LockSupport.parkNanos(1L << random.nextInt(10, 23));
        }
    }
}
