package org.counterex.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.counterex.api.backend.table.TrackedCell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Stress tests of a cell that holds 5 and notifies a listener of changes, and of a thread that writes its value as a
 * journal does: it clears the dirty flag first, and then reads the value. {@link CellStress} has the tests of a seal.
 */
public final class TrackedCellStress {

    private TrackedCellStress() {}

    /** A change by 1 during a read: the value read, and whether the cell is dirty afterwards. */
    @Outcome(id = "6, false", expect = ACCEPTABLE, desc = "The change came first, and its value was read.")
    @Outcome(id = "6, true", expect = ACCEPTABLE, desc = "The value was read, and will be read once more.")
    @Outcome(id = "5, true", expect = ACCEPTABLE, desc = "The change came later, and its value will be read.")
    @Outcome(
            id = "5, false",
            expect = FORBIDDEN,
            desc = "The change was neither read nor reported: the written value remains wrong.")
    @Outcome(expect = FORBIDDEN, desc = "The value read is one that the counter never had.")
    public static final class ChangeDuringRead {}

    /** Two additions: whether each finds the cell dirty when it has returned. */
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "A flush requested after the addition writes it.")
    @Outcome(
            expect = FORBIDDEN,
            desc = "An addition returned before its change was reported: a flush could complete without it.")
    public static final class ConcurrentIncs {}

    /** The seal during a read: the final value, and whether the sealed cell still notifies the listener. */
    @Outcome(id = "5, false", expect = ACCEPTABLE, desc = "The sealed cell has released its listener.")
    @Outcome(
            expect = FORBIDDEN,
            desc = "A sealed cell, which a handle may still reference, retains the tables of a backend that may leave.")
    public static final class SealDuringRead {}

    /** A cell and its dirty flag. */
    private abstract static class DirtyTracking {
        final TrackedCell cell = (TrackedCell) Cells.trackedCell();
        volatile boolean dirty;

        final long clearAndRead() {
            dirty = false;
            return cell.readAndTrack(changed -> dirty = true);
        }
    }

    @JCStressTest
    @JCStressMeta(ChangeDuringRead.class)
    @State
    public static class IncDuringFirstRead extends DirtyTracking {
        public IncDuringFirstRead() {
            dirty = true; // as after the counter is linked
        }

        @Actor
        public void inc() {
            cell.inc(1);
        }

        @Actor
        public void read(JZ_Result result) {
            result.r1 = clearAndRead();
        }

        @Arbiter
        public void check(JZ_Result result) {
            result.r2 = dirty;
        }
    }

    @JCStressTest
    @JCStressMeta(ChangeDuringRead.class)
    @State
    public static class IncDuringNextRead extends DirtyTracking {
        public IncDuringNextRead() {
            clearAndRead();
        }

        @Actor
        public void inc() {
            cell.inc(1);
        }

        @Actor
        public void read(JZ_Result result) {
            result.r1 = clearAndRead();
        }

        @Arbiter
        public void check(JZ_Result result) {
            result.r2 = dirty;
        }
    }

    @JCStressTest
    @JCStressMeta(ChangeDuringRead.class)
    @State
    public static class SwapDuringNextRead extends DirtyTracking {
        public SwapDuringNextRead() {
            clearAndRead();
        }

        @Actor
        public void swap() {
            Cells.swap(cell, 6);
        }

        @Actor
        public void read(JZ_Result result) {
            result.r1 = clearAndRead();
        }

        @Arbiter
        public void check(JZ_Result result) {
            result.r2 = dirty;
        }
    }

    @JCStressTest
    @JCStressMeta(ConcurrentIncs.class)
    @State
    public static class IncsAfterRead extends DirtyTracking {
        public IncsAfterRead() {
            clearAndRead();
        }

        @Actor
        public void one(ZZ_Result result) {
            cell.inc(1);
            result.r1 = dirty;
        }

        @Actor
        public void other(ZZ_Result result) {
            cell.inc(1);
            result.r2 = dirty;
        }
    }

    @JCStressTest
    @JCStressMeta(SealDuringRead.class)
    @State
    public static class SealDuringNextRead extends DirtyTracking {
        public SealDuringNextRead() {
            clearAndRead();
        }

        @Actor
        public void seal(JZ_Result result) {
            result.r1 = cell.seal();
        }

        @Actor
        public void read() {
            clearAndRead();
        }

        @Arbiter
        public void check(JZ_Result result) {
            dirty = false;
            cell.inc(1);
            result.r2 = dirty;
        }
    }
}
