package org.counterex.backend.counters.provider;

import java.util.OptionalLong;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.backend.table.CellTable;
import org.counterex.tck.BackendUnderTest;
import org.counterex.tck.BoundedBackendContract;
import org.counterex.tck.CellTableContract;
import org.counterex.tck.ConcurrentBackendContract;
import org.counterex.tck.ConcurrentCellTableContract;
import org.counterex.tck.CounterBackendContract;
import org.counterex.tck.CounterLifecycleContract;
import org.counterex.tck.NamespaceContract;
import org.counterex.tck.RangeContract;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

/** The contracts of backends and tables, with stripes: returned values are estimates. */
@RunWith(Enclosed.class)
public class CountersContractTest {

    interface Striped extends BackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return new CountersBackend("counters", (int) capacity().getAsLong(), true);
        }

        @Override
        default OptionalLong capacity() {
            return OptionalLong.of(CountersBackend.DEFAULT_CAPACITY);
        }

        @Override
        default boolean returnsExactValues() {
            return false;
        }
    }

    interface Small extends Striped {
        @Override
        default OptionalLong capacity() {
            return OptionalLong.of(10);
        }
    }

    public static class Operations extends CounterBackendContract implements Striped {}

    public static class Namespaces extends NamespaceContract implements Striped {}

    public static class Range extends RangeContract implements Striped {}

    public static class Races extends ConcurrentBackendContract implements Striped {}

    public static class Lifecycle extends CounterLifecycleContract implements Striped {}

    public static class Bounds extends BoundedBackendContract implements Small {}

    public static class Table extends CellTableContract {
        @Override
        protected CellTable newTable() {
            return new CountersTable("namespace", 100, true);
        }
    }

    public static class RacingTable extends ConcurrentCellTableContract {
        @Override
        protected CellTable newTable() {
            return new CountersTable("namespace", 100, true);
        }

        @Override
        protected boolean returnsExactValues() {
            return false;
        }
    }
}
