package org.counterex.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.counterex.api.backend.table.Cell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.IJJ_Result;
import org.openjdk.jcstress.infra.results.IJ_Result;

/**
 * Stress tests of a striped cell that holds 5 during its freeze. Contended additions make it create stripes while it is
 * being frozen. An addition is in the final value if and only if it was acknowledged.
 */
public final class StripedCellStress {

    private StripedCellStress() {}

    private static int count(Cell cell, int additions) {
        int acknowledged = 0;
        while (acknowledged < additions && Cells.add(cell)) {
            acknowledged++;
        }
        return acknowledged;
    }

    /** One addition during the freeze: whether it was acknowledged, and the final value. */
    @JCStressTest
    @Outcome(id = "1, 6", expect = ACCEPTABLE, desc = "The addition came first and is in the final value.")
    @Outcome(
            id = "0, 5",
            expect = ACCEPTABLE,
            desc = "The freeze came first, and the addition continues at the successor.")
    @Outcome(id = "1, 5", expect = FORBIDDEN, desc = "An acknowledged addition is not in the final value: it is lost.")
    @Outcome(
            id = "0, 6",
            expect = FORBIDDEN,
            desc = "An addition that continues at the successor is in the final value: it counts twice.")
    @State
    public static class AddDuringSeal {
        private final Cell cell = Cells.stripedCell();

        @Actor
        public void add(IJ_Result result) {
            result.r1 = count(cell, 1);
        }

        @Actor
        public void seal(IJ_Result result) {
            result.r2 = cell.seal();
        }
    }

    /**
     * Two adders, one of which then freezes: acknowledged additions of the other, and its additions in the final value.
     */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The freeze came first.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "One addition came before the freeze and is in the final value.")
    @Outcome(
            id = "2, 2",
            expect = ACCEPTABLE,
            desc = "Two additions came before the freeze and are in the final value.")
    @Outcome(
            id = "3, 3",
            expect = ACCEPTABLE,
            desc = "All additions came before the freeze and are in the final value.")
    @Outcome(
            expect = FORBIDDEN,
            desc = "The final value does not match the acknowledged additions: a stripe was missed, or changed after"
                    + " its freeze.")
    @State
    public static class AddersDuringSeal {
        private final Cell cell = Cells.stripedCell();

        @Actor
        public void add(IJ_Result result) {
            result.r1 = count(cell, 3);
        }

        @Actor
        public void addAndSeal(IJ_Result result) {
            int own = count(cell, 3);
            result.r2 = cell.seal() - 5 - own;
        }
    }

    /**
     * An addition during a read and the freeze that follows: whether it was acknowledged, the value read, the final
     * value.
     */
    @JCStressTest
    @Outcome(id = "1, 6, 6", expect = ACCEPTABLE, desc = "The addition came before the read.")
    @Outcome(
            id = "1, 5, 6",
            expect = ACCEPTABLE,
            desc = "The addition came between read and freeze, or the read missed it.")
    @Outcome(id = "0, 5, 5", expect = ACCEPTABLE, desc = "The addition came after the freeze.")
    @Outcome(id = "1, 6, 5", expect = FORBIDDEN, desc = "An addition that was read is not in the final value.")
    @Outcome(
            expect = FORBIDDEN,
            desc = "The final value does not match the acknowledged additions, or the value read matches neither.")
    @State
    public static class AddDuringGetAndSeal {
        private final Cell cell = Cells.stripedCell();

        @Actor
        public void add(IJJ_Result result) {
            result.r1 = count(cell, 1);
        }

        @Actor
        public void getAndSeal(IJJ_Result result) {
            result.r2 = cell.get();
            result.r3 = cell.seal();
        }
    }

    /** Two adders without a freeze: the acknowledged additions, and the value read at the end. */
    @JCStressTest
    @Outcome(id = "6, 11", expect = ACCEPTABLE, desc = "All six additions are included once both adders have ended.")
    @Outcome(
            expect = FORBIDDEN,
            desc = "An acknowledged addition is lost or counted twice when the stripes were created.")
    @State
    public static class Adders {
        private final Cell cell = Cells.stripedCell();
        private volatile int first;
        private volatile int second;

        @Actor
        public void one() {
            first = count(cell, 3);
        }

        @Actor
        public void two() {
            second = count(cell, 3);
        }

        @Arbiter
        public void sum(II_Result result) {
            result.r1 = first + second;
            result.r2 = (int) cell.get();
        }
    }
}
