package org.counterex.registry.provider.placement;

import org.counterex.api.backend.table.CellTable;
import org.counterex.tck.CellTableContract;
import org.counterex.tck.ConcurrentCellTableContract;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

/** The registry's own table fulfils the contract of every table. */
@RunWith(Enclosed.class)
public class ParkingTableTest {

    public static class Table extends CellTableContract {
        @Override
        protected CellTable newTable() {
            return new ParkingTable("namespace");
        }
    }

    public static class RacingTable extends ConcurrentCellTableContract {
        @Override
        protected CellTable newTable() {
            return new ParkingTable("namespace");
        }
    }
}
