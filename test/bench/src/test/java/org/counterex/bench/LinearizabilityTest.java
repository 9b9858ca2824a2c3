package org.counterex.bench;

import org.counterex.backend.atomics.provider.BareAtomics;
import org.counterex.backend.counters.provider.BareCounters;
import org.counterex.backend.ets.provider.BareEts;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.Test;

/**
 * I2: on backends that keep a counter as one number each call takes effect at one moment, across moves too. Random
 * scenarios of two threads, before and after which one thread alone calls, are run again and again; what the calls
 * return has to be what they would have returned one after the other in some order.
 *
 * <p>On {@code counters} what an addition returns, and what is read, may miss concurrent additions, so there the calls
 * that tell such a value are left out: additions without a result, {@code set}, {@code reset}, {@code delete},
 * {@code compareAndSwap} and {@code drain} are exact and are checked.
 *
 * <p>A drain takes key by key, so it takes effect at one moment only where there is one key.
 *
 * <p>These are runs under stress. Lincheck's model checking follows every access of a whole registry and does not come to
 * an end in bearable time; {@link SealTest} uses it on the cells.
 */
public class LinearizabilityTest {

    private static final int CAPACITY = 4;

    @Test
    public void ets_isLinearizable() {
        check(Ets.class);
    }

    @Test
    public void atomics_withATableThatIsUsedUp_isLinearizable() {
        check(Atomics.class);
    }

    @Test
    public void plainBackend_isLinearizable() {
        check(Plain.class);
    }

    @Test
    public void counters_isLinearizableAsFarAsItPromises() {
        check(Counters.class);
    }

    @Test
    public void movesBetweenEtsAndAtomics_areNotSeen() {
        check(EtsAndAtomics.class);
    }

    @Test
    public void movesBetweenEtsAndATableThatIsWritten_areNotSeen() {
        check(EtsAndTracked.class);
    }

    @Test
    public void movesBetweenEtsAndAPlainBackend_areNotSeen() {
        check(EtsAndPlain.class);
    }

    @Test
    public void movesBetweenEtsAndCounters_areNotSeenAsFarAsCountersPromises() {
        check(EtsAndCounters.class);
    }

    @Test
    public void parking_isNotSeen() {
        check(Parking.class);
    }

    @Test
    public void drainsBesideMoves_takeWhatThereIsAtOneMoment() {
        Effort.stress().sequentialSpecification(Model.OfOneKey.class).check(Drains.class);
    }

    @Test
    public void drainsOnCountersBesideMoves_takeWhatThereIsAtOneMoment() {
        Effort.stress().sequentialSpecification(Model.OfOneKey.class).check(DrainsOnCounters.class);
    }

    private static void check(Class<? extends Calls> scenarios) {
        Effort.stress().sequentialSpecification(Model.class).check(scenarios);
    }

    public static final class Ets extends ObservedCalls {
        private static final Fixture RIG = new Fixture(BareEts::backend);

        public Ets() {
            super(RIG.place().namespace(), "a", "b");
        }
    }

    public static final class Atomics extends ObservedCalls {
        private static final Fixture RIG = new Fixture(() -> BareAtomics.backend(CAPACITY));

        /** So many counters use up a place each, and leave two beside that of the first counter. */
        private static final int WORN = CAPACITY + 16 - 3;

        public Atomics() {
            super(RIG.place().namespace(), "a", "b");
            for (int i = 0; i < WORN; i++) {
                namespace().set("worn-" + i, i);
                namespace().delete("worn-" + i);
            }
        }
    }

    public static final class Plain extends ObservedCalls {
        private static final Fixture RIG = new Fixture(MapBackend::new);

        public Plain() {
            super(RIG.place().namespace(), "a", "b");
        }
    }

    public static final class Counters extends Calls {
        private static final Fixture RIG = new Fixture(() -> BareCounters.backend(CAPACITY));

        public Counters() {
            super(RIG.place().namespace(), "a", "b");
        }
    }

    /** Moves between two backends are among the calls. */
    @Param(name = "target", gen = IntGen.class, conf = "0:1")
    public abstract static class Moving extends ObservedCalls {
        private final Fixture.Place place;

        Moving(Fixture.Place place, String... keys) {
            super(place.namespace(), keys);
            this.place = place;
        }

        @Operation
        public void move(@Param(name = "target") int target) {
            place.move(target);
        }
    }

    public static final class EtsAndAtomics extends Moving {
        private static final Fixture RIG = new Fixture(BareEts::backend, () -> BareAtomics.backend(CAPACITY));

        public EtsAndAtomics() {
            super(RIG.place(), "a", "b");
        }
    }

    public static final class EtsAndTracked extends Moving {
        private static final Fixture RIG = new Fixture(BareEts::backend, TrackedBackend::new);

        public EtsAndTracked() {
            super(RIG.place(), "a", "b");
        }
    }

    public static final class EtsAndPlain extends Moving {
        private static final Fixture RIG = new Fixture(BareEts::backend, MapBackend::new);

        public EtsAndPlain() {
            super(RIG.place(), "a", "b");
        }
    }

    public static final class Drains extends Moving {
        private static final Fixture RIG = new Fixture(BareEts::backend, () -> BareAtomics.backend(CAPACITY));

        public Drains() {
            super(RIG.place(), "a");
        }

        @Operation
        public Long drain() {
            return namespace().drain().get("a");
        }
    }

    /** As {@link Moving}, without the calls that tell a value. */
    @Param(name = "target", gen = IntGen.class, conf = "0:1")
    public abstract static class MovingCounters extends Calls {
        private final Fixture.Place place;

        MovingCounters(Fixture.Place place, String... keys) {
            super(place.namespace(), keys);
            this.place = place;
        }

        @Operation
        public void move(@Param(name = "target") int target) {
            place.move(target);
        }
    }

    public static final class EtsAndCounters extends MovingCounters {
        private static final Fixture RIG = new Fixture(BareEts::backend, () -> BareCounters.backend(CAPACITY));

        public EtsAndCounters() {
            super(RIG.place(), "a", "b");
        }
    }

    public static final class DrainsOnCounters extends MovingCounters {
        private static final Fixture RIG = new Fixture(BareEts::backend, () -> BareCounters.backend(CAPACITY));

        public DrainsOnCounters() {
            super(RIG.place(), "a");
        }

        @Operation
        public Long drain() {
            return namespace().drain().get("a");
        }
    }

    /** The only backend leaves, so that the counters are parked, and comes back: one such thing at a time. */
    public static final class Parking extends ObservedCalls {
        private static final Fixture RIG = new Fixture(BareEts::backend);

        private final Fixture.Place place;

        public Parking() {
            this(RIG.place());
        }

        private Parking(Fixture.Place place) {
            super(place.namespace(), "a", "b");
            this.place = place;
        }

        @Operation(nonParallelGroup = "backend")
        public void leave() {
            place.leave();
        }
    }
}
