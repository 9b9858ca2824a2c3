package org.counterex.backend.atomics.provider;

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

/** The contracts of backends and tables, with negative values. */
@RunWith(Enclosed.class)
public class AtomicsContractTest {

    interface Atomics extends BackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return new AtomicsBackend("atomics", (int) capacity().getAsLong(), true);
        }

        @Override
        default OptionalLong capacity() {
            return OptionalLong.of(AtomicsBackend.DEFAULT_CAPACITY);
        }
    }

    interface Small extends Atomics {
        @Override
        default OptionalLong capacity() {
            return OptionalLong.of(10);
        }
    }

    public static class Operations extends CounterBackendContract implements Atomics {}

    public static class Namespaces extends NamespaceContract implements Atomics {}

    public static class Range extends RangeContract implements Atomics {}

    public static class Races extends ConcurrentBackendContract implements Atomics {}

    public static class Lifecycle extends CounterLifecycleContract implements Atomics {}

    public static class Bounds extends BoundedBackendContract implements Small {}

    public static class Table extends CellTableContract {
        @Override
        protected CellTable newTable() {
            return new AtomicsTable("namespace", 100, true);
        }
    }

    public static class RacingTable extends ConcurrentCellTableContract {
        @Override
        protected CellTable newTable() {
            return new AtomicsTable("namespace", 100, true);
        }
    }
}
