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
    public static final class ChangeBesideTake {}

    /** Two additions: whether each finds a note when it has returned. */
    @Outcome(
            id = "true, true",
            expect = ACCEPTABLE,
            desc = "Whoever asks now for all to be written gets his addition written.")
    @Outcome(
            expect = FORBIDDEN,
            desc =
                    "An addition has returned and nobody knows of it yet: who asks for all to be written is told too early.")
    public static final class IncBesideInc {}

    /** The seal beside a take: the final value, and whether the sealed cell still tells somebody. */
    @Outcome(id = "5, false", expect = ACCEPTABLE, desc = "The sealed cell has let go of who wanted to know.")
    @Outcome(
            expect = FORBIDDEN,
            desc = "A sealed cell, which a handle may keep, holds on to the tables of a backend that may leave.")
    public static final class SealBesideTake {}

    /** A cell and the note that it has changed. */
    private abstract static class Noted {
        final TrackedCell cell = (TrackedCell) Cells.trackedCell();
        volatile boolean noted;

        final long take() {
            noted = false;
            return cell.readAndTrack(changed -> noted = true);
        }
    }

    @JCStressTest
    @JCStressMeta(ChangeBesideTake.class)
    @State
    public static class IncBesideFirstTake extends Noted {
        public IncBesideFirstTake() {
            noted = true; // as whoever brings a counter notes it
        }

        @Actor
        public void inc() {
            cell.inc(1);
        }

        @Actor
        public void take(JZ_Result result) {
            result.r1 = take();
        }

        @Arbiter
        public void look(JZ_Result result) {
            result.r2 = noted;
        }
    }

    @JCStressTest
    @JCStressMeta(ChangeBesideTake.class)
    @State
    public static class IncBesideNextTake extends Noted {
        public IncBesideNextTake() {
            take();
        }

        @Actor
        public void inc() {
            cell.inc(1);
        }

        @Actor
        public void take(JZ_Result result) {
            result.r1 = take();
        }

        @Arbiter
        public void look(JZ_Result result) {
            result.r2 = noted;
        }
    }

    @JCStressTest
    @JCStressMeta(ChangeBesideTake.class)
    @State
    public static class SwapBesideNextTake extends Noted {
        public SwapBesideNextTake() {
            take();
        }

        @Actor
        public void swap() {
            Cells.swap(cell, 6);
        }

        @Actor
        public void take(JZ_Result result) {
            result.r1 = take();
        }

        @Arbiter
        public void look(JZ_Result result) {
            result.r2 = noted;
        }
    }

    @JCStressTest
    @JCStressMeta(IncBesideInc.class)
    @State
    public static class IncsAfterTake extends Noted {
        public IncsAfterTake() {
            take();
        }

        @Actor
        public void one(ZZ_Result result) {
            cell.inc(1);
            result.r1 = noted;
        }

        @Actor
        public void other(ZZ_Result result) {
            cell.inc(1);
            result.r2 = noted;
        }
    }

    @JCStressTest
    @JCStressMeta(SealBesideTake.class)
    @State
    public static class SealBesideNextTake extends Noted {
        public SealBesideNextTake() {
            take();
        }

        @Actor
        public void seal(JZ_Result result) {
            result.r1 = cell.seal();
        }

        @Actor
        public void taking() {
            take();
        }

        @Arbiter
        public void look(JZ_Result result) {
            noted = false;
            cell.inc(1);
            result.r2 = noted;
        }
    }
}
