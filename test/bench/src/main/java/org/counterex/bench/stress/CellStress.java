package org.counterex.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.counterex.api.backend.table.Cell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Stress tests of a cell that is one number and holds 5: a concurrent operation is either applied before the seal and
 * included in the final value, or not applied and returns the mark. Each test has two actors, so that two processors
 * suffice.
 */
public final class CellStress {

    private CellStress() {}

    /** An addition of 1 during the seal: the result of the addition, and the final value. */
    @Outcome(id = "6, 6", expect = ACCEPTABLE, desc = "The addition came first and is in the final value.")
    @Outcome(
            id = "-1, 5",
            expect = ACCEPTABLE,
            desc = "The seal came first, and the addition continues at the successor.")
    @Outcome(id = "6, 5", expect = FORBIDDEN, desc = "An acknowledged addition is not in the final value: it is lost.")
    @Outcome(
            id = "-1, 6",
            expect = FORBIDDEN,
            desc = "An addition that continues at the successor is in the final value: it counts twice.")
    @Outcome(expect = FORBIDDEN, desc = "A result is a value that the counter never had.")
    public static final class IncDuringSeal {}

    /** A swap from 5 to 10 during the seal: the result of the swap, and the final value. */
    @Outcome(id = "10, 10", expect = ACCEPTABLE, desc = "The swap came first and is in the final value.")
    @Outcome(id = "-1, 5", expect = ACCEPTABLE, desc = "The seal came first, and the swap continues at the successor.")
    @Outcome(
            id = "10, 5",
            expect = FORBIDDEN,
            desc = "The swap overwrote the mark: both the cell and its successor are in use.")
    @Outcome(expect = FORBIDDEN, desc = "A result is a value that the counter never had.")
    public static final class SwapDuringSeal {}

    /** An addition of 1 during a swap from 5 to 10 and the seal that follows: the three results. */
    @Outcome(id = "6, 6, 6", expect = ACCEPTABLE, desc = "The addition came first, and the swap found 6.")
    @Outcome(id = "11, 10, 11", expect = ACCEPTABLE, desc = "The addition came between swap and seal.")
    @Outcome(id = "-1, 10, 10", expect = ACCEPTABLE, desc = "The addition came after the seal.")
    @Outcome(id = "6, 10, 10", expect = FORBIDDEN, desc = "The swap overwrote an acknowledged addition: it is lost.")
    @Outcome(expect = FORBIDDEN, desc = "The results are not those of any order of the three.")
    public static final class IncDuringSwapAndSeal {}

    @JCStressTest
    @JCStressMeta(IncDuringSeal.class)
    @State
    public static class LongIncDuringSeal {
        private final Cell cell = Cells.longCell();

        @Actor
        public void inc(JJ_Result result) {
            result.r1 = Cells.inc(cell);
        }

        @Actor
        public void seal(JJ_Result result) {
            result.r2 = cell.seal();
        }
    }

    @JCStressTest
    @JCStressMeta(SwapDuringSeal.class)
    @State
    public static class LongSwapDuringSeal {
        private final Cell cell = Cells.longCell();

        @Actor
        public void swap(JJ_Result result) {
            result.r1 = Cells.swap(cell);
        }

        @Actor
        public void seal(JJ_Result result) {
            result.r2 = cell.seal();
        }
    }

    @JCStressTest
    @JCStressMeta(IncDuringSwapAndSeal.class)
    @State
    public static class LongIncDuringSwapAndSeal {
        private final Cell cell = Cells.longCell();

        @Actor
        public void inc(JJJ_Result result) {
            result.r1 = Cells.inc(cell);
        }

        @Actor
        public void swapAndSeal(JJJ_Result result) {
            result.r2 = Cells.swap(cell);
            result.r3 = cell.seal();
        }
    }

    @JCStressTest
    @JCStressMeta(IncDuringSeal.class)
    @State
    public static class SlotIncDuringSeal {
        private final Cell cell = Cells.slotCell();

        @Actor
        public void inc(JJ_Result result) {
            result.r1 = Cells.inc(cell);
        }

        @Actor
        public void seal(JJ_Result result) {
            result.r2 = cell.seal();
        }
    }

    @JCStressTest
    @JCStressMeta(SwapDuringSeal.class)
    @State
    public static class SlotSwapDuringSeal {
        private final Cell cell = Cells.slotCell();

        @Actor
        public void swap(JJ_Result result) {
            result.r1 = Cells.swap(cell);
        }

        @Actor
        public void seal(JJ_Result result) {
            result.r2 = cell.seal();
        }
    }

    @JCStressTest
    @JCStressMeta(IncDuringSwapAndSeal.class)
    @State
    public static class SlotIncDuringSwapAndSeal {
        private final Cell cell = Cells.slotCell();

        @Actor
        public void inc(JJJ_Result result) {
            result.r1 = Cells.inc(cell);
        }

        @Actor
        public void swapAndSeal(JJJ_Result result) {
            result.r2 = Cells.swap(cell);
            result.r3 = cell.seal();
        }
    }

    @JCStressTest
    @JCStressMeta(IncDuringSeal.class)
    @State
    public static class WideIncDuringSeal {
        private final Cell cell = Cells.wideCell();

        @Actor
        public void inc(JJ_Result result) {
            result.r1 = Cells.inc(cell);
        }

        @Actor
        public void seal(JJ_Result result) {
            result.r2 = cell.seal();
        }
    }

    @JCStressTest
    @JCStressMeta(SwapDuringSeal.class)
    @State
    public static class WideSwapDuringSeal {
        private final Cell cell = Cells.wideCell();

        @Actor
        public void swap(JJ_Result result) {
            result.r1 = Cells.swap(cell);
        }

        @Actor
        public void seal(JJ_Result result) {
            result.r2 = cell.seal();
        }
    }

    @JCStressTest
    @JCStressMeta(IncDuringSwapAndSeal.class)
    @State
    public static class WideIncDuringSwapAndSeal {
        private final Cell cell = Cells.wideCell();

        @Actor
        public void inc(JJJ_Result result) {
            result.r1 = Cells.inc(cell);
        }

        @Actor
        public void swapAndSeal(JJJ_Result result) {
            result.r2 = Cells.swap(cell);
            result.r3 = cell.seal();
        }
    }
}
