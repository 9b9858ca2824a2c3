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

/** The contracts of backends and tables, without stripes: returned values are exact. */
@RunWith(Enclosed.class)
public class UnstripedCountersContractTest {

    interface Unstriped extends BackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return new CountersBackend("unstriped", (int) capacity().getAsLong(), false);
        }

        @Override
        default OptionalLong capacity() {
            return OptionalLong.of(CountersBackend.DEFAULT_CAPACITY);
        }
    }

    interface Small extends Unstriped {
        @Override
        default OptionalLong capacity() {
            return OptionalLong.of(10);
        }
    }

    public static class Operations extends CounterBackendContract implements Unstriped {}

    public static class Namespaces extends NamespaceContract implements Unstriped {}

    public static class Range extends RangeContract implements Unstriped {}

    public static class Races extends ConcurrentBackendContract implements Unstriped {}

    public static class Lifecycle extends CounterLifecycleContract implements Unstriped {}

    public static class Bounds extends BoundedBackendContract implements Small {}

    public static class Table extends CellTableContract {
        @Override
        protected CellTable newTable() {
            return new CountersTable("namespace", 100, false);
        }
    }

    public static class RacingTable extends ConcurrentCellTableContract {
        @Override
        protected CellTable newTable() {
            return new CountersTable("namespace", 100, false);
        }
    }
}
