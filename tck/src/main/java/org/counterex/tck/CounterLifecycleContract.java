package org.counterex.tck;

import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.Before;
import org.junit.Test;

/**
 * Contract of the results of {@code inc} during concurrent calls, for a backend where they are {@linkplain
 * #returnsExactValues exact}: the additions to a counter are totally ordered, and an operation that removes or replaces
 * the counter falls between two of them.
 *
 * <p>Here each <em>lifecycle</em> of a counter begins with a value that identifies it: writers pass it as initial value
 * with each addition, or set it. So every result identifies the lifecycle in which the addition was counted and its
 * place there, and the places of each lifecycle must be 1, 2, 3, ... without gaps and repetitions.
 */
public abstract class CounterLifecycleContract extends BackendSuite {

    /** Operation that ends a lifecycle of the counter, if it is present. */
    private interface Ending {
        void end(Lifecycles.Witness witness);
    }

    /** Skips the suite for a backend whose results are not exact. */
    @Before
    public final void assumeExactValues() {
        assumeTrue("a backend whose values are exact", returnsExactValues());
    }

    /** N additions to a new counter return 1 to N, in increasing order for each thread. */
    @Test
    public void inc_ofRacingWritersOnANewCounter_returnsOneToN() throws Exception {
        long[][] returned = new long[Race.RACERS][repetitions()];
        Race.run((race, number) -> race.laps(repetitions(), i -> {
            returned[number][i] = backend.inc(NAMESPACE, KEY, 1, 0);
            assertTrue("results increase", i == 0 || returned[number][i - 1] < returned[number][i]);
        }));
        Lifecycles.assertOneToN(Arrays.stream(returned).flatMapToLong(Arrays::stream));
    }

    /** An addition is in the deleted counter or in its successor, and never restores a deleted one. */
    @Test
    public void delete_withRacingWriters_endsTheCounter() throws Exception {
        race(this::delete);
    }

    /** An addition is in the deleted namespace or in its successor, and never restores a deleted counter. */
    @Test
    public void deleteNamespace_withRacingWriters_endsTheCounter() throws Exception {
        race(this::deleteNamespace);
    }

    /** An addition precedes a drain and is in its result, or follows it and is counted anew. */
    @Test
    public void drain_withRacingWriters_returnsTheFinalValue() throws Exception {
        assumeTrue("a backend with an atomic drain", drainsAtomically());
        race(this::drain);
    }

    /** An addition precedes a take and is in its result, or follows it and is counted anew. */
    @Test
    public void take_withRacingWriters_returnsTheFinalValue() throws Exception {
        assumeTrue("a backend with an atomic take", takesAtomically());
        race(this::take);
    }

    /** An addition precedes a set and is replaced, or follows it and is added to the new value. */
    @Test
    public void set_withRacingWriters_fallsBetweenAdditions() throws Exception {
        race(witness -> backend.set(NAMESPACE, KEY, witness.begin()));
    }

    /** An addition precedes a reset and is replaced, or follows it and is added to the new value. */
    @Test
    public void reset_withRacingWriters_fallsBetweenAdditions() throws Exception {
        race(witness -> backend.reset(NAMESPACE, KEY, witness.begin()));
    }

    /** No addition falls between the comparison and the swap of a compare-and-swap. */
    @Test
    public void compareAndSwap_withRacingWriters_replacesWhatItFound() throws Exception {
        race(this::compareAndSwap);
    }

    /** Concurrent calls of every kind are totally ordered. */
    @Test
    public void calls_ofEveryKind_areTotallyOrdered() throws Exception {
        Lifecycles lifecycles = new Lifecycles();
        Race.run((race, number) -> {
            Random random = seed.random(number);
            Lifecycles.Witness witness = lifecycles.witness(number);
            race.laps(repetitions(), i -> {
                switch (random.nextInt(20)) {
                    case 0 -> backend.delete(NAMESPACE, KEY);
                    case 1 -> backend.deleteNamespace(NAMESPACE);
                    case 2 -> backend.set(NAMESPACE, KEY, witness.begin());
                    case 3 -> backend.reset(NAMESPACE, KEY, witness.begin());
                    case 4, 5, 6 -> compareAndSwap(witness);
                    case 7 -> {
                        if (drainsAtomically()) {
                            drain(witness);
                        }
                    }
                    case 8 -> {
                        if (takesAtomically()) {
                            take(witness);
                        }
                    }
                    default -> count(witness);
                }
            });
        });
        check(lifecycles);
    }

    private void race(Ending ending) throws InterruptedException {
        Lifecycles lifecycles = new Lifecycles();
        Race.run((race, number) -> {
            Random random = seed.random(number);
            Lifecycles.Witness witness = lifecycles.witness(number);
            race.laps(repetitions(), i -> {
                if (number == 0 && random.nextInt(4) == 0) {
                    ending.end(witness);
                } else {
                    count(witness);
                }
            });
        });
        check(lifecycles);
    }

    private void check(Lifecycles lifecycles) {
        value().ifPresent(lifecycles.witness(0)::ended);
        lifecycles.check();
    }

    private void count(Lifecycles.Witness witness) {
        witness.counted(backend.inc(NAMESPACE, KEY, 1, witness.begin()));
    }

    private void delete(Lifecycles.Witness witness) {
        OptionalLong before = value();
        backend.delete(NAMESPACE, KEY);
        assertEnded(before);
    }

    private void deleteNamespace(Lifecycles.Witness witness) {
        OptionalLong before = value();
        backend.deleteNamespace(NAMESPACE);
        assertEnded(before);
    }

    private void drain(Lifecycles.Witness witness) {
        Long last = backend.drain(NAMESPACE).get(KEY);
        if (last != null) {
            witness.ended(last);
        }
    }

    private void take(Lifecycles.Witness witness) {
        backend.take(NAMESPACE, KEY).ifPresent(witness::ended);
    }

    private void compareAndSwap(Lifecycles.Witness witness) {
        OptionalLong found = value();
        boolean swapped = backend.compareAndSwap(NAMESPACE, KEY, found.orElse(0), witness.begin())
                .swapped();
        if (swapped && found.isPresent()) {
            witness.ended(found.getAsLong());
        }
    }

    private void assertEnded(OptionalLong before) {
        OptionalLong after = value();
        if (before.isPresent() && after.isPresent()) {
            assertTrue(
                    "deleted at " + before + " and now at " + after,
                    Lifecycles.life(before.getAsLong()) != Lifecycles.life(after.getAsLong()));
        }
    }
}
