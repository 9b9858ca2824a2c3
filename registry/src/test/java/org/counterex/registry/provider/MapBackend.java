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
 * Minimal table backend, for tests that are independent of a particular table. A look-up occasionally takes as long as
 * one or two moves, so that races with a late thread occur often.
 */
public class MapBackend extends TableBackend {

    public MapBackend(String name) {
        super("map", name, OptionalLong.empty());
    }

    @Override
    protected CellTable newTable(String namespace) {
        return new SlowTable(namespace);
    }

    /** A table with occasionally slow look-ups. */
    static class SlowTable extends ParkingTable {

        SlowTable(String namespace) {
            super(namespace);
        }

        @Override
        public Cell find(String key) {
            delayOccasionally();
            Cell cell = super.find(key);
            delayOccasionally();
            return cell;
        }
    }

    @Override
    protected Map<String, String> details() {
        return Map.of();
    }

    private static void delayOccasionally() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextInt(1000) == 0) {
            LockSupport.parkNanos(1L << random.nextInt(10, 23));
        }
    }
}
