package org.counterex.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.api.backend.CounterBackend;
import org.counterex.backend.atomics.provider.BareAtomics;
import org.counterex.backend.counters.provider.BareCounters;
import org.counterex.backend.ets.provider.BareEts;
import org.counterex.registry.provider.BareRegistry;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Stress tests of calls during moves of a whole namespace: registry, tables and cells together. The namespace is first
 * placed in {@code ets}; its counter {@code k} holds 5, and the handle references its cell.
 */
public final class TransferStress {

    private static final long ABSENT = -1;
    private static final long WIDE = 1L << 62;

    private static final CounterBackend ETS = BareEts.backend();
    private static final CounterBackend ATOMICS = BareAtomics.backend(4);
    private static final CounterBackend COUNTERS = BareCounters.backend(4);
    private static final BareRegistry REGISTRY = new BareRegistry(ETS, ATOMICS, COUNTERS);

    private TransferStress() {}

    private static CounterNamespace namespace() {
        return REGISTRY.unlisted("ns");
    }

    private static Counter counter(CounterNamespace namespace, long value) {
        Counter counter = namespace.counter("k");
        counter.set(value);
        counter.add(0);
        return counter;
    }

    private static long value(CounterNamespace namespace) {
        return namespace.get("k").orElse(ABSENT);
    }

    private static long drained(CounterNamespace namespace) {
        return namespace.drain().getOrDefault("k", ABSENT);
    }

    /** An addition by handle during a move: its result, and the value afterwards. */
    @JCStressTest
    @Outcome(id = "6, 6", expect = ACCEPTABLE, desc = "The addition was counted once, at the source or at the target.")
    @Outcome(id = "6, 5", expect = FORBIDDEN, desc = "An acknowledged addition is lost by the move.")
    @Outcome(
            id = "6, 7",
            expect = FORBIDDEN,
            desc = "The addition counts twice: at the source and again at the target.")
    @Outcome(expect = FORBIDDEN, desc = "The result is a value that the counter never had, or the counter is gone.")
    @State
    public static class HandleIncDuringMove {
        private final CounterNamespace namespace = namespace();
        private final Counter counter = counter(namespace, 5);

        @Actor
        public void inc(JJ_Result result) {
            result.r1 = counter.inc();
        }

        @Actor
        public void move() {
            REGISTRY.move(namespace, ATOMICS);
        }

        @Arbiter
        public void end(JJ_Result result) {
            result.r2 = value(namespace);
        }
    }

    /** An addition by name during a move: its result, and the value afterwards. */
    @JCStressTest
    @Outcome(id = "6, 6", expect = ACCEPTABLE, desc = "The addition was counted once, at the source or at the target.")
    @Outcome(id = "6, 5", expect = FORBIDDEN, desc = "An acknowledged addition is lost by the move.")
    @Outcome(
            id = "6, 7",
            expect = FORBIDDEN,
            desc = "The addition counts twice: at the source and again at the target.")
    @Outcome(expect = FORBIDDEN, desc = "The result is a value that the counter never had, or the counter is gone.")
    @State
    public static class NameIncDuringMove {
        private final CounterNamespace namespace = namespace();
        private final Counter counter = counter(namespace, 5);

        @Actor
        public void inc(JJ_Result result) {
            result.r1 = namespace.inc(counter.key());
        }

        @Actor
        public void move() {
            REGISTRY.move(namespace, ATOMICS);
        }

        @Arbiter
        public void end(JJ_Result result) {
            result.r2 = value(namespace);
        }
    }

    /** An addition by handle during a move and its reverse: its result, and the value afterwards. */
    @JCStressTest
    @Outcome(id = "6, 6", expect = ACCEPTABLE, desc = "The addition was counted once, at the source or at the target.")
    @Outcome(id = "6, 5", expect = FORBIDDEN, desc = "An acknowledged addition is lost by the move.")
    @Outcome(
            id = "6, 7",
            expect = FORBIDDEN,
            desc = "The addition counts twice: at the source and again at the target.")
    @Outcome(expect = FORBIDDEN, desc = "The result is a value that the counter never had, or the counter is gone.")
    @State
    public static class HandleIncDuringMoveAndReverse {
        private final CounterNamespace namespace = namespace();
        private final Counter counter = counter(namespace, 5);

        @Actor
        public void inc(JJ_Result result) {
            result.r1 = counter.inc();
        }

        @Actor
        public void move() {
            REGISTRY.move(namespace, ATOMICS);
            REGISTRY.move(namespace, ETS);
        }

        @Arbiter
        public void end(JJ_Result result) {
            result.r2 = value(namespace);
        }
    }

    /** An addition without a result during moves into stripes and out of them: the value afterwards. */
    @JCStressTest
    @Outcome(id = "6", expect = ACCEPTABLE, desc = "The addition was counted once.")
    @Outcome(id = "5", expect = FORBIDDEN, desc = "The addition is lost by a move.")
    @Outcome(expect = FORBIDDEN, desc = "The addition counts twice, or the counter is gone.")
    @State
    public static class AddDuringMovesThroughCounters {
        private final CounterNamespace namespace = namespace();
        private final Counter counter = counter(namespace, 5);

        @Actor
        public void add() {
            counter.add(1);
        }

        @Actor
        public void move() {
            REGISTRY.move(namespace, COUNTERS);
            REGISTRY.move(namespace, ATOMICS);
        }

        @Arbiter
        public void end(J_Result result) {
            result.r1 = value(namespace);
        }
    }

    /** A read that always looks up the counter, during a move and its reverse. */
    @JCStressTest
    @Outcome(id = "4611686018427387904", expect = ACCEPTABLE, desc = "It was read at the source or at the target.")
    @Outcome(
            id = "-1",
            expect = FORBIDDEN,
            desc = "A counter that is always present reads as absent: the look-up was at a place that it had left or"
                    + " not yet reached.")
    @Outcome(expect = FORBIDDEN, desc = "The counter never had this value.")
    @State
    public static class GetDuringMoves {
        private final CounterNamespace namespace = namespace();
        private final Counter counter = counter(namespace, WIDE);

        @Actor
        public void get(J_Result result) {
            result.r1 = namespace.get(counter.key()).orElse(ABSENT);
        }

        @Actor
        public void move() {
            REGISTRY.move(namespace, ATOMICS);
            REGISTRY.move(namespace, ETS);
        }
    }

    /** A counter that is created and read during a move: both results, and the value afterwards. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "It was created once, at the source or at the target.")
    @Outcome(id = "1, -1, 1", expect = FORBIDDEN, desc = "The thread that created the counter reads it as absent.")
    @Outcome(
            id = "1, 1, -1",
            expect = FORBIDDEN,
            desc = "The counter was created at a source that is no longer read: it is lost.")
    @Outcome(expect = FORBIDDEN, desc = "The counter was created twice, or a result is a value that it never had.")
    @State
    public static class CreateDuringMove {
        private final CounterNamespace namespace = namespace();

        public CreateDuringMove() {
            namespace.set("other", 5); // or the namespace would be unplaced, with nothing to move
        }

        @Actor
        public void create(JJJ_Result result) {
            result.r1 = namespace.inc("k");
            result.r2 = value(namespace);
        }

        @Actor
        public void move() {
            REGISTRY.move(namespace, ATOMICS);
        }

        @Arbiter
        public void end(JJJ_Result result) {
            result.r3 = value(namespace);
        }
    }

    /** A drain during a move: the drained value, and the value afterwards. */
    @JCStressTest
    @Outcome(id = "5, -1", expect = ACCEPTABLE, desc = "The value was drained once.")
    @Outcome(id = "-1, -1", expect = FORBIDDEN, desc = "The counter vanished without its value in the drain.")
    @Outcome(id = "-1, 5", expect = FORBIDDEN, desc = "The drain missed a counter that is always present.")
    @Outcome(id = "5, 5", expect = FORBIDDEN, desc = "The value was drained and is still present: it counts twice.")
    @State
    public static class DrainDuringMove {
        private final CounterNamespace namespace = namespace();

        public DrainDuringMove() {
            namespace.set("k", 5);
        }

        @Actor
        public void drain(JJ_Result result) {
            result.r1 = drained(namespace);
        }

        @Actor
        public void move() {
            REGISTRY.move(namespace, ATOMICS);
        }

        @Arbiter
        public void end(JJ_Result result) {
            result.r2 = value(namespace);
        }
    }

    /**
     * An addition during a move and the drain that follows: its result, the drained value, and the value afterwards.
     */
    @JCStressTest
    @Outcome(id = "6, 6, -1", expect = ACCEPTABLE, desc = "The addition came before the drain, which includes it.")
    @Outcome(
            id = "1, 5, 1",
            expect = ACCEPTABLE,
            desc = "The addition came after the drain and created the counter again.")
    @Outcome(
            id = "6, 5, -1",
            expect = FORBIDDEN,
            desc = "An acknowledged addition is neither drained nor present: it is lost.")
    @Outcome(id = "6, 6, 6", expect = FORBIDDEN, desc = "The drained value is still present: it counts twice.")
    @Outcome(expect = FORBIDDEN, desc = "The addition is not in exactly one of the drained and the remaining value.")
    @State
    public static class IncDuringMoveAndDrain {
        private final CounterNamespace namespace = namespace();
        private final Counter counter = counter(namespace, 5);

        @Actor
        public void inc(JJJ_Result result) {
            result.r1 = counter.inc();
        }

        @Actor
        public void moveAndDrain(JJJ_Result result) {
            REGISTRY.move(namespace, ATOMICS);
            result.r2 = drained(namespace);
        }

        @Arbiter
        public void end(JJJ_Result result) {
            result.r3 = value(namespace);
        }
    }

    /** An addition and then a drain during a move: both results, and the value afterwards. */
    @JCStressTest
    @Outcome(id = "6, 6, -1", expect = ACCEPTABLE, desc = "The drain includes the addition.")
    @Outcome(id = "6, 5, -1", expect = FORBIDDEN, desc = "The drain missed an addition of its own thread: it is lost.")
    @Outcome(expect = FORBIDDEN, desc = "The counter was drained and is still present, or was missed.")
    @State
    public static class IncAndDrainDuringMove {
        private final CounterNamespace namespace = namespace();
        private final Counter counter = counter(namespace, 5);

        @Actor
        public void incAndDrain(JJJ_Result result) {
            result.r1 = counter.inc();
            result.r2 = drained(namespace);
        }

        @Actor
        public void move() {
            REGISTRY.move(namespace, ATOMICS);
        }

        @Arbiter
        public void end(JJJ_Result result) {
            result.r3 = value(namespace);
        }
    }
}
