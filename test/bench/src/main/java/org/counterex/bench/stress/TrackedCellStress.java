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
 * A cell that holds 5 and tells when it changes, beside whoever writes its value elsewhere: he takes the note out first and
 * then the value, as a journal does. {@link CellStress} is about what a cell does beside its seal.
 */
public final class TrackedCellStress {

    private TrackedCellStress() {}

    /** A change by 1 beside a take: the value that was taken, and whether there is a note afterwards. */
    @Outcome(id = "6, false", expect = ACCEPTABLE, desc = "The change came first, and its value was taken.")
    @Outcome(id = "6, true", expect = ACCEPTABLE, desc = "The value was taken, and will be taken once more.")
    @Outcome(id = "5, true", expect = ACCEPTABLE, desc = "The change came later, and its value will be taken.")
    @Outcome(
            id = "5, false",
            expect = FORBIDDEN,
            desc = "The change was not seen and nobody knows of it: what is written stays wrong.")
    @Outcome(expect = FORBIDDEN, desc = "A value was taken that the counter never had.")
    public static final class ChangeDuringRead {}

    /** Two additions: whether each finds a note when it has returned. */
    @Outcome(
            id = "true, true",
            expect = ACCEPTABLE,
            desc = "Whoever asks now for all to be written gets his addition written.")
    @Outcome(
            expect = FORBIDDEN,
            desc =
                    "An addition has returned and nobody knows of it yet: who asks for all to be written is told too early.")
    public static final class ConcurrentIncs {}

    /** The seal beside a take: the final value, and whether the sealed cell still tells somebody. */
    @Outcome(id = "5, false", expect = ACCEPTABLE, desc = "The sealed cell has let go of who wanted to know.")
    @Outcome(
            expect = FORBIDDEN,
            desc = "A sealed cell, which a handle may keep, holds on to the tables of a backend that may leave.")
    public static final class SealDuringRead {}

    /** A cell and the note that it has changed. */
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
            dirty = true; // as whoever brings a counter notes it
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
