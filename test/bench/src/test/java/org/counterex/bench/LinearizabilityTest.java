package org.counterex.bench;

import org.counterex.backend.atomics.provider.BareAtomics;
import org.counterex.backend.counters.provider.BareCounters;
import org.counterex.backend.ets.provider.BareEts;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.Test;

/**
 * I2: calls are linearizable on backends whose counter is one number, also during moves. Random scenarios of two
 * threads, with calls of a single thread before and after, are run repeatedly; the results must be those of the same
 * calls one after the other in some order.
 *
 * <p>On {@code counters} the result of an addition and a read may miss concurrent additions, so calls with such results
 * are left out there. Additions without a result, {@code set}, {@code reset}, {@code delete}, {@code compareAndSwap}
 * and {@code drain} are exact and are checked.
 *
 * <p>A drain proceeds key by key, so it is atomic only for a single key.
 *
 * <p>All runs are stress runs. Lincheck's model checking follows every access of a whole registry and does not finish
 * in reasonable time; {@link SealTest} uses it on the cells.
 */
public class LinearizabilityTest {

    private static final int CAPACITY = 4;

    @Test
    public void ets_isLinearizable() {
        check(Ets.class);
    }

    @Test
    public void atomics_withExhaustedTable_isLinearizable() {
        check(Atomics.class);
    }

    @Test
    public void backendWithoutTables_isLinearizable() {
        check(Plain.class);
    }

    @Test
    public void counters_exactCalls_areLinearizable() {
        check(Counters.class);
    }

    @Test
    public void movesBetweenEtsAndAtomics_areTransparent() {
        check(EtsAndAtomics.class);
    }

    @Test
    public void movesBetweenEtsAndTrackedTable_areTransparent() {
        check(EtsAndTracked.class);
    }

    @Test
    public void movesBetweenEtsAndBackendWithoutTables_areTransparent() {
        check(EtsAndPlain.class);
    }

    @Test
    public void movesBetweenEtsAndCounters_exactCalls_areTransparent() {
        check(EtsAndCounters.class);
    }

    @Test
    public void parking_isTransparent() {
        check(Parking.class);
    }

    @Test
    public void drains_duringMoves_areAtomic() {
        Effort.stress().sequentialSpecification(Model.OfOneKey.class).check(Drains.class);
    }

    @Test
    public void drainsOnCounters_duringMoves_areAtomic() {
        Effort.stress().sequentialSpecification(Model.OfOneKey.class).check(DrainsOnCounters.class);
    }

    private static void check(Class<? extends Calls> scenarios) {
        Effort.stress().sequentialSpecification(Model.class).check(scenarios);
    }

    public static final class Ets extends ObservedCalls {
        private static final Fixture FIXTURE = new Fixture(BareEts::backend);

        public Ets() {
            super(FIXTURE.newNamespace().namespace(), "a", "b");
        }
    }

    public static final class Atomics extends ObservedCalls {
        private static final Fixture FIXTURE = new Fixture(() -> BareAtomics.backend(CAPACITY));

        /** This many deleted counters use a slot each, and leave two besides that of the first counter. */
        private static final int USED_SLOTS = CAPACITY + 16 - 3;

        public Atomics() {
            super(FIXTURE.newNamespace().namespace(), "a", "b");
            for (int i = 0; i < USED_SLOTS; i++) {
                namespace().set("used-" + i, i);
                namespace().delete("used-" + i);
            }
        }
    }

    public static final class Plain extends ObservedCalls {
        private static final Fixture FIXTURE = new Fixture(MapBackend::new);

        public Plain() {
            super(FIXTURE.newNamespace().namespace(), "a", "b");
        }
    }

    public static final class Counters extends Calls {
        private static final Fixture FIXTURE = new Fixture(() -> BareCounters.backend(CAPACITY));

        public Counters() {
            super(FIXTURE.newNamespace().namespace(), "a", "b");
        }
    }

    /** Calls, and moves between two backends. */
    @Param(name = "target", gen = IntGen.class, conf = "0:1")
    public abstract static class Moving extends ObservedCalls {
        private final Fixture.TestNamespace testNamespace;

        Moving(Fixture.TestNamespace testNamespace, String... keys) {
            super(testNamespace.namespace(), keys);
            this.testNamespace = testNamespace;
        }

        @Operation
        public void move(@Param(name = "target") int target) {
            testNamespace.move(target);
        }
    }

    public static final class EtsAndAtomics extends Moving {
        private static final Fixture FIXTURE = new Fixture(BareEts::backend, () -> BareAtomics.backend(CAPACITY));

        public EtsAndAtomics() {
            super(FIXTURE.newNamespace(), "a", "b");
        }
    }

    public static final class EtsAndTracked extends Moving {
        private static final Fixture FIXTURE = new Fixture(BareEts::backend, TrackedBackend::new);

        public EtsAndTracked() {
            super(FIXTURE.newNamespace(), "a", "b");
        }
    }

    public static final class EtsAndPlain extends Moving {
        private static final Fixture FIXTURE = new Fixture(BareEts::backend, MapBackend::new);

        public EtsAndPlain() {
            super(FIXTURE.newNamespace(), "a", "b");
        }
    }

    public static final class Drains extends Moving {
        private static final Fixture FIXTURE = new Fixture(BareEts::backend, () -> BareAtomics.backend(CAPACITY));

        public Drains() {
            super(FIXTURE.newNamespace(), "a");
        }

        @Operation
        public Long drain() {
            return namespace().drain().get("a");
        }
    }

    /** As {@link Moving}, without the calls that return a value. */
    @Param(name = "target", gen = IntGen.class, conf = "0:1")
    public abstract static class MovingCounters extends Calls {
        private final Fixture.TestNamespace testNamespace;

        MovingCounters(Fixture.TestNamespace testNamespace, String... keys) {
            super(testNamespace.namespace(), keys);
            this.testNamespace = testNamespace;
        }

        @Operation
        public void move(@Param(name = "target") int target) {
            testNamespace.move(target);
        }
    }

    public static final class EtsAndCounters extends MovingCounters {
        private static final Fixture FIXTURE = new Fixture(BareEts::backend, () -> BareCounters.backend(CAPACITY));

        public EtsAndCounters() {
            super(FIXTURE.newNamespace(), "a", "b");
        }
    }

    public static final class DrainsOnCounters extends MovingCounters {
        private static final Fixture FIXTURE = new Fixture(BareEts::backend, () -> BareCounters.backend(CAPACITY));

        public DrainsOnCounters() {
            super(FIXTURE.newNamespace(), "a");
        }

        @Operation
        public Long drain() {
            return namespace().drain().get("a");
        }
    }

    /** Calls, and restarts of the only backend, one at a time, during which the counters are parked. */
    public static final class Parking extends ObservedCalls {
        private static final Fixture FIXTURE = new Fixture(BareEts::backend);

        private final Fixture.TestNamespace testNamespace;

        public Parking() {
            this(FIXTURE.newNamespace());
        }

        private Parking(Fixture.TestNamespace testNamespace) {
            super(testNamespace.namespace(), "a", "b");
            this.testNamespace = testNamespace;
        }

        @Operation(nonParallelGroup = "backend")
        public void restartBackend() {
            testNamespace.restartBackend();
        }
    }
}
