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

/** The contracts of backends and tables, without negative values. */
@RunWith(Enclosed.class)
public class UnsignedAtomicsContractTest {

    interface Unsigned extends BackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return new AtomicsBackend("unsigned", (int) capacity().getAsLong(), false);
        }

        @Override
        default OptionalLong capacity() {
            return OptionalLong.of(AtomicsBackend.DEFAULT_CAPACITY);
        }

        @Override
        default long lowest() {
            return 0;
        }
    }

    interface Smallest extends Unsigned {
        @Override
        default OptionalLong capacity() {
            return OptionalLong.of(2);
        }
    }

    public static class Operations extends CounterBackendContract implements Unsigned {}

    public static class Namespaces extends NamespaceContract implements Unsigned {}

    public static class Range extends RangeContract implements Unsigned {}

    public static class Races extends ConcurrentBackendContract implements Unsigned {}

    public static class Lifecycle extends CounterLifecycleContract implements Unsigned {}

    public static class Bounds extends BoundedBackendContract implements Smallest {}

    public static class Table extends CellTableContract {
        @Override
        protected CellTable newTable() {
            return new AtomicsTable("namespace", 100, false);
        }
    }

    public static class RacingTable extends ConcurrentCellTableContract {
        @Override
        protected CellTable newTable() {
            return new AtomicsTable("namespace", 100, false);
        }
    }
}
