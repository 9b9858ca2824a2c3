package org.counterex.backend.ets.provider;

import org.counterex.api.backend.CounterBackend;
import org.counterex.api.backend.table.CellTable;
import org.counterex.table.HashTable;
import org.counterex.tck.BackendUnderTest;
import org.counterex.tck.CellTableContract;
import org.counterex.tck.ConcurrentBackendContract;
import org.counterex.tck.ConcurrentCellTableContract;
import org.counterex.tck.CounterBackendContract;
import org.counterex.tck.CounterLifecycleContract;
import org.counterex.tck.NamespaceContract;
import org.counterex.tck.RangeContract;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

/** The contracts of backends and tables. */
@RunWith(Enclosed.class)
public class EtsContractTest {

    interface Ets extends BackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return new EtsBackend("ets");
        }
    }

    public static class Operations extends CounterBackendContract implements Ets {}

    public static class Namespaces extends NamespaceContract implements Ets {}

    public static class Range extends RangeContract implements Ets {}

    public static class Races extends ConcurrentBackendContract implements Ets {}

    public static class Lifecycle extends CounterLifecycleContract implements Ets {}

    public static class Table extends CellTableContract {
        @Override
        protected CellTable newTable() {
            return new HashTable("namespace");
        }
    }

    public static class RacingTable extends ConcurrentCellTableContract {
        @Override
        protected CellTable newTable() {
            return new HashTable("namespace");
        }
    }
}
