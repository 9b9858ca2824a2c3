package org.counterex.backend.mvstore.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.backend.table.CellTable;
import org.counterex.tck.BackendUnderTest;
import org.counterex.tck.CellTableContract;
import org.counterex.tck.ConcurrentBackendContract;
import org.counterex.tck.ConcurrentCellTableContract;
import org.counterex.tck.CounterBackendContract;
import org.counterex.tck.CounterLifecycleContract;
import org.counterex.tck.NamespaceContract;
import org.counterex.tck.RangeContract;
import org.counterex.tck.RetainedValuesContract;
import org.junit.ClassRule;
import org.junit.experimental.runners.Enclosed;
import org.junit.rules.ExternalResource;
import org.junit.runner.RunWith;

/** The contracts of backends and tables, for both kinds of durability. */
@RunWith(Enclosed.class)
public class MvstoreContractTest {

    /** The folder of a test, each of which runs in one thread. */
    private static final ThreadLocal<TestFolder> FOLDERS = new ThreadLocal<>();

    /** Opens a backend in a new folder. */
    private static CounterBackend fresh(boolean awaitsCommit) throws Exception {
        TestFolder disk = new TestFolder();
        FOLDERS.set(disk);
        return disk.open(10, awaitsCommit);
    }

    private static CounterBackend reopened(CounterBackend backend, boolean awaitsCommit) throws Exception {
        ((MvstoreBackend) backend).close();
        return FOLDERS.get().open(10, awaitsCommit);
    }

    /** Opens a backend on a copy of the current file, as after a crash of the process. */
    private static CounterBackend crashed(CounterBackend backend, boolean awaitsCommit) throws Exception {
        TestFolder next = new TestFolder();
        try (TestFolder before = FOLDERS.get()) {
            Files.copy(before.file, next.file);
            ((MvstoreBackend) backend).close();
        }
        FOLDERS.set(next);
        return next.open(10, awaitsCommit);
    }

    interface Interval extends BackendUnderTest {
        @Override
        default CounterBackend newBackend() throws Exception {
            return fresh(false);
        }

        @Override
        default void close(CounterBackend backend) throws Exception {
            ((MvstoreBackend) backend).close();
            FOLDERS.get().close();
        }
    }

    /** Calls wait for the disk. */
    interface Commit extends Interval {
        @Override
        default CounterBackend newBackend() throws Exception {
            return fresh(true);
        }

        @Override
        default int repetitions() {
            return 50;
        }

        @Override
        default int manyCounters() {
            return 100;
        }
    }

    public static class Operations extends CounterBackendContract implements Interval {}

    public static class Namespaces extends NamespaceContract implements Interval {}

    public static class Range extends RangeContract implements Interval {}

    public static class Races extends ConcurrentBackendContract implements Interval {}

    public static class Lives extends CounterLifecycleContract implements Interval {}

    public static class RetainedValues extends RetainedValuesContract implements Interval {
        @Override
        protected CounterBackend reopened(CounterBackend backend) throws Exception {
            return MvstoreContractTest.reopened(backend, false);
        }

        @Override
        protected CounterBackend crashed(CounterBackend backend) throws Exception {
            return MvstoreContractTest.crashed(backend, false);
        }
    }

    public static class CommitRetainedValues extends RetainedValuesContract implements Commit {
        @Override
        protected CounterBackend reopened(CounterBackend backend) throws Exception {
            return MvstoreContractTest.reopened(backend, true);
        }

        @Override
        protected CounterBackend crashed(CounterBackend backend) throws Exception {
            return MvstoreContractTest.crashed(backend, true);
        }
    }

    public static class CommitOperations extends CounterBackendContract implements Commit {}

    public static class CommitNamespaces extends NamespaceContract implements Commit {}

    public static class CommitRange extends RangeContract implements Commit {}

    public static class CommitRaces extends ConcurrentBackendContract implements Commit {}

    /** Backend that flushes all the time, for the tables of one suite. */
    static final class Flushing extends ExternalResource {

        private TestFolder disk;
        private MvstoreBackend backend;

        @Override
        protected void before() throws Exception {
            disk = new TestFolder();
            backend = disk.open(1, false);
            backend.takeTables();
        }

        CellTable table() {
            return backend.create("namespace");
        }

        @Override
        protected void after() {
            backend.close();
            try {
                disk.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    // The suites for tables count on cells directly, which callers do not do where calls wait for the disk.

    public static class Table extends CellTableContract {

        @ClassRule
        public static final Flushing BACKEND = new Flushing();

        @Override
        protected CellTable newTable() {
            return BACKEND.table();
        }
    }

    public static class RacingTable extends ConcurrentCellTableContract {

        @ClassRule
        public static final Flushing BACKEND = new Flushing();

        @Override
        protected CellTable newTable() {
            return BACKEND.table();
        }
    }
}
