package org.counterex.tck;

import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.Before;
import org.junit.Test;

/**
 * What the values that {@code inc} returns show while several threads call, on a backend where they are
 * {@linkplain #returnsExactValues exact}: the additions to a counter follow one another, and whatever ends the counter
 * comes between two of them.
 *
 * <p>A counter begins each of its <em>lives</em> here with a value that tells the life: writers pass one as initial value
 * with each addition, {@code set} and its like give one. So every result tells in which life its addition was counted
 * and at which place, and each life must have its places 1, 2, 3, ... without a gap and without a repetition.
 */
public abstract class CounterLifecycleContract extends BackendSuite {

    /** Ends a life of the counter, if it is in one. */
    private interface Ending {
        void end(Lifecycles.Witness witness);
    }

    /** Skips all of this for a backend whose values are not exact. */
    @Before
    public final void assumeExactValues() {
        assumeTrue("a backend whose values are exact", returnsExactValues());
    }

    /** The values that N additions to a new counter return are 1 to N, and those of each thread go up. */
    @Test
    public void inc_ofRacingWritersOnANewCounter_returnsOneToN() throws Exception {
        long[][] returned = new long[Race.RACERS][repetitions()];
        Race.run((race, number) -> race.laps(repetitions(), i -> {
            returned[number][i] = backend.inc(NAMESPACE, KEY, 1, 0);
            assertTrue("values go up", i == 0 || returned[number][i - 1] < returned[number][i]);
        }));
        Lifecycles.assertOneToN(Arrays.stream(returned).flatMapToLong(Arrays::stream));
    }

    /** An addition is in the counter that is deleted or in the one that comes after, and never brings one back. */
    @Test
    public void delete_besideRacingWriters_endsTheCounter() throws Exception {
        race(this::delete);
    }

    /** An addition is in the namespace that is deleted or in the one that comes after, and never brings one back. */
    @Test
    public void deleteNamespace_besideRacingWriters_endsTheCounter() throws Exception {
        race(this::deleteNamespace);
    }

    /** An addition comes before a drain and is in what it takes out, or after it and is counted anew. */
    @Test
    public void drain_besideRacingWriters_takesTheFinalValue() throws Exception {
        assumeTrue("a backend with an atomic drain", drainsAtomically());
        race(this::drain);
    }

    /** An addition comes before a take and is in what it takes, or after it and is counted anew. */
    @Test
    public void take_besideRacingWriters_takesTheFinalValue() throws Exception {
        assumeTrue("a backend with an atomic take", takesAtomically());
        race(this::take);
    }

    /** An addition comes before a set, and is replaced, or after it, and is added to the value that was set. */
    @Test
    public void set_besideRacingWriters_comesBetweenAdditions() throws Exception {
        race(witness -> backend.set(NAMESPACE, KEY, witness.begin()));
    }

    /** An addition comes before a reset, and is replaced, or after it, and is added to the value that was given. */
    @Test
    public void reset_besideRacingWriters_comesBetweenAdditions() throws Exception {
        race(witness -> backend.reset(NAMESPACE, KEY, witness.begin()));
    }

    /** No addition comes between what a compare-and-swap has met and what it puts there. */
    @Test
    public void compareAndSwap_besideRacingWriters_replacesWhatItMet() throws Exception {
        race(this::compareAndSwap);
    }

    /** All of this at once, by several threads, is still one sequence. */
    @Test
    public void calls_ofEveryKind_followOneAnother() throws Exception {
        Lifecycles lives = new Lifecycles();
        Race.run((race, number) -> {
            Random random = seed.random(number);
            Lifecycles.Witness witness = lives.witness(number);
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
        check(lives);
    }

    private void race(Ending ending) throws InterruptedException {
        Lifecycles lives = new Lifecycles();
        Race.run((race, number) -> {
            Random random = seed.random(number);
            Lifecycles.Witness witness = lives.witness(number);
            race.laps(repetitions(), i -> {
                if (number == 0 && random.nextInt(4) == 0) {
                    ending.end(witness);
                } else {
                    count(witness);
                }
            });
        });
        check(lives);
    }

    private void check(Lifecycles lives) {
        value().ifPresent(lives.witness(0)::ended);
        lives.check();
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
        OptionalLong met = value();
        boolean swapped = backend.compareAndSwap(NAMESPACE, KEY, met.orElse(0), witness.begin())
                .swapped();
        if (swapped && met.isPresent()) {
            witness.ended(met.getAsLong());
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
