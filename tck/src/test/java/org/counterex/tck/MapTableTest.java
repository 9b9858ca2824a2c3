package org.counterex.tck;

import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.StripedCell;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

/** The suites accept a correct table, with each kind of cell. */
@RunWith(Enclosed.class)
public class MapTableTest {

    public static class Longs extends CellTableContract {
        @Override
        protected CellTable newTable() {
            return new MapTable(Long.MAX_VALUE, -Long.MAX_VALUE, LongCell::new);
        }
    }

    public static class RacingLongs extends ConcurrentCellTableContract {
        @Override
        protected CellTable newTable() {
            return new MapTable(100, -Long.MAX_VALUE, LongCell::new);
        }
    }

    public static class Stripes extends CellTableContract {
        @Override
        protected CellTable newTable() {
            return new MapTable(100, -Long.MAX_VALUE, StripedCell::new);
        }
    }

    public static class RacingStripes extends ConcurrentCellTableContract {
        @Override
        protected CellTable newTable() {
            return new MapTable(Long.MAX_VALUE, -Long.MAX_VALUE, StripedCell::new);
        }

        @Override
        protected boolean returnsExactValues() {
            return false;
        }
    }
}
