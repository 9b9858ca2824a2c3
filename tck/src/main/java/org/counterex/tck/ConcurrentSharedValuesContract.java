package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiFunction;
import org.counterex.api.CasResult;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.backend.CounterBackend;
import org.junit.Test;

/**
 * Contract of concurrent calls to two backends on the same store: no addition is lost or counted twice, and of
 * conflicting calls exactly one succeeds, to whichever backend.
 */
public abstract class ConcurrentSharedValuesContract extends SharedSuite {

    private static final int RACERS = Race.RACERS;
    private static final int KEYS = 3;

    /** Additions of 1 to a counter that was absent return the values 1, 2, 3, ..., each once. */
    @Test
    public void inc_ofRacersOnBoth_returnsOneToN() throws Exception {
        assumeTrue("backends that return exact values", returnsExactValues());
        long[][] returned = new long[RACERS][repetitions()];
        Race.run((race, number) -> race.laps(
                repetitions(), lap -> returned[number][lap] = side(number).inc(NAMESPACE, KEY, 1, 0)));
        Lifecycles.assertOneToN(Arrays.stream(returned).flatMapToLong(Arrays::stream));
    }

    /** The sum of the additions of both is the value that each of them reads. */
    @Test
    public void add_ofRacersOnBoth_isSummed() throws Exception {
        AtomicLongArray added = new AtomicLongArray(KEYS);
        Race.run((race, number) -> {
            Random random = seed.random(number);
            race.laps(repetitions(), lap -> {
                count(side(number), random, added);
                if (random.nextInt(100) == 0) {
                    side(number).flush(NAMESPACE);
                }
            });
        });
        settle(NAMESPACE);
        assertEquals(values(added), other.getAll(NAMESPACE));
        assertEquals(values(added), backend.getAll(NAMESPACE));
    }

    /** Of creators on both exactly one applies its initial value, and each adds its step. */
    @Test
    public void inc_ofCreatorsOnBoth_appliesOneInitialValue() throws Exception {
        Race.run((race, number) -> {
            for (int round = 0; round < rounds(); round++) {
                race.together();
                side(number).inc(NAMESPACE, KEY, 1, 1_000);
                race.together();
                if (number == 0) {
                    assertSeen(1_000 + RACERS);
                    side(round).delete(NAMESPACE, KEY);
                }
            }
        });
    }

    /**
     * Of compare-and-swaps on both with the same expected value one succeeds, so a loop adds exactly, also alongside
     * inc.
     */
    @Test
    public void compareAndSwap_ofRacersOnBoth_addsLikeInc() throws Exception {
        int swaps = repetitions() / 4; // each may take several attempts
        Race.run((race, number) -> race.laps(swaps, lap -> {
            if (number == 0) {
                backend.inc(NAMESPACE, KEY, 1, 0);
                return;
            }
            long found = 0;
            CasResult result = side(number).compareAndSwap(NAMESPACE, KEY, found, found + 1);
            while (!result.swapped() && !race.isLost()) {
                found = result.value();
                result = side(number).compareAndSwap(NAMESPACE, KEY, found, found + 1);
            }
            assertEquals(new CasResult(true, found + 1), result);
        }));
        assertSeen((long) RACERS * swaps);
    }

    /** Of compare-and-swaps on both one creates an absent counter, and all return its value. */
    @Test
    public void compareAndSwap_ofCreatorsOnBoth_createsOnce() throws Exception {
        AtomicInteger creators = new AtomicInteger();
        AtomicLong sum = new AtomicLong();
        Race.run((race, number) -> {
            for (int round = 0; round < rounds(); round++) {
                race.together();
                CasResult result = side(number).compareAndSwap(NAMESPACE, KEY, 0, number + 1);
                creators.addAndGet(result.swapped() ? 1 : 0);
                sum.addAndGet(result.value());
                race.together();
                if (number == 0) {
                    assertEquals("creators", 1, creators.getAndSet(0));
                    assertSeen(sum.getAndSet(0) / RACERS);
                    side(round).delete(NAMESPACE, KEY);
                }
            }
        });
    }

    /** Each addition to either is in one take of either, or still counted. */
    @Test
    public void take_withAdditionsOfTheOther_takesEachOnce() throws Exception {
        assertEachIsTakenOnce((from, key) -> taken(from, key));
    }

    /** Each addition to either is in one drain of either, or still counted. */
    @Test
    public void drain_withAdditionsOfTheOther_takesEachOnce() throws Exception {
        assertEachIsTakenOnce((from, key) -> from.drain(NAMESPACE));
    }

    /** Each addition is in one result of concurrent drains and takes of both. */
    @Test
    public void drain_withTakesOfTheOther_takesEachOnce() throws Exception {
        assertEachIsTakenOnce((from, key) -> from == backend ? from.drain(NAMESPACE) : taken(from, key));
    }

    /** Of concurrent takes on both one returns the whole value, and the others return empty. */
    @Test
    public void take_ofTheSameCounterByBoth_returnsItOnce() throws Exception {
        AtomicInteger takers = new AtomicInteger();
        Race.run((race, number) -> {
            for (int round = 0; round < rounds(); round++) {
                if (number == 0) {
                    side(round).set(NAMESPACE, KEY, round);
                }
                race.together();
                OptionalLong taken = side(number).take(NAMESPACE, KEY);
                if (taken.isPresent()) {
                    takers.incrementAndGet();
                    assertEquals(round, taken.getAsLong());
                }
                race.together();
                if (number == 0) {
                    assertEquals("takers", 1, takers.getAndSet(0));
                    assertNotSeen();
                }
            }
        });
    }

    /** An addition is in the counter that the other deletes or in its successor, and never restores a deleted one. */
    @Test
    public void delete_withAdditionsOfTheOther_endsTheCounter() throws Exception {
        assumeTrue("backends that return exact values", returnsExactValues());
        Lifecycles lifecycles = new Lifecycles();
        Race.run((race, number) -> {
            CounterBackend side = side(number);
            Random random = seed.random(number);
            Lifecycles.Witness witness = lifecycles.witness(number);
            race.laps(repetitions(), lap -> {
                OptionalLong before = number == 0 && random.nextInt(4) == 0 ? value() : OptionalLong.empty();
                if (before.isPresent()) {
                    backend.delete(NAMESPACE, KEY);
                    OptionalLong after = value();
                    assertTrue(
                            "deleted at " + before + " and now at " + after,
                            after.isEmpty()
                                    || Lifecycles.life(before.getAsLong()) != Lifecycles.life(after.getAsLong()));
                } else {
                    witness.counted(side.inc(NAMESPACE, KEY, 1, witness.begin()));
                }
            });
        });
        other.get(NAMESPACE, KEY).ifPresent(lifecycles.witness(0)::ended);
        lifecycles.check();
    }

    /** Values merged by both are counted once, alongside additions and takes. */
    @Test
    public void merge_withRacersOnBoth_isAdded() throws Exception {
        AtomicLongArray sum = new AtomicLongArray(KEYS);
        Race.run((race, number) -> {
            Random random = seed.random(number);
            race.laps(repetitions(), lap -> {
                int key = random.nextInt(KEYS);
                switch (random.nextInt(4)) {
                    case 0 -> count(side(number), random, sum);
                    case 1 -> side(number).take(NAMESPACE, KEY + key).ifPresent(taken -> sum.addAndGet(key, -taken));
                    default -> {
                        int value = random.nextInt(1_000);
                        side(number).merge(NAMESPACE, KEY + key, value);
                        sum.addAndGet(key, value);
                    }
                }
            });
        });
        settle(NAMESPACE);
        other.getAll(NAMESPACE).forEach((key, value) -> sum.addAndGet(numberOf(key), -value));
        assertEquals("difference", new AtomicLongArray(KEYS).toString(), sum.toString());
    }

    /** Near the limit as many merges of both succeed as the range allows, and the others are rejected. */
    @Test
    public void merge_ofRacersOnBothAtTheHighest_stopsThere() throws Exception {
        int room = RACERS / 2;
        AtomicInteger merged = new AtomicInteger();
        Race.run((race, number) -> {
            for (int round = 0; round < rounds(); round++) {
                if (number == 0) {
                    side(round).set(NAMESPACE, KEY, HIGHEST - room);
                }
                race.together();
                try {
                    side(number).merge(NAMESPACE, KEY, 1);
                    merged.incrementAndGet();
                } catch (CounterOverflowException e) {
                    // rejected, so not counted
                }
                race.together();
                if (number == 0) {
                    assertEquals("values merged", room, merged.getAndSet(0));
                    assertSeen(HIGHEST);
                }
            }
        });
    }

    /** No addition is lost while other backends are created, count and are stopped. */
    @Test
    public void add_whileOthersStartAndStop_isSummed() throws Exception {
        AtomicLongArray added = new AtomicLongArray(KEYS);
        int stay = Math.max(1, repetitions() / 20);
        Race.run((race, number) -> {
            Random random = seed.random(number);
            race.laps(repetitions(), lap -> {
                if (number > 0) {
                    count(side(number), random, added);
                } else if (lap % stay == 0) {
                    CounterBackend passing = another(backend);
                    for (int i = 0; i < KEYS; i++) {
                        count(passing, random, added);
                    }
                    close(passing);
                }
            });
        });
        settle(NAMESPACE);
        assertEquals(values(added), other.getAll(NAMESPACE));
    }

    /** After a flush the other sees what its caller has counted, also if another thread was about to send it. */
    @Test
    public void flush_withRacingCallers_makesAdditionsVisible() throws Exception {
        Race.run((race, number) -> {
            for (long round = 1; round <= rounds(); round++) {
                race.together();
                side(number).add(NAMESPACE, KEY + number, 1);
                side(number).flush(NAMESPACE);
                assertEquals(OptionalLong.of(round), side(number + 1).get(NAMESPACE, KEY + number));
            }
        });
    }

    private void assertEachIsTakenOnce(BiFunction<CounterBackend, String, Map<String, Long>> taking) throws Exception {
        AtomicLongArray added = new AtomicLongArray(KEYS);
        AtomicLongArray taken = new AtomicLongArray(KEYS);
        Race.run((race, number) -> {
            Random random = seed.random(number);
            race.laps(repetitions(), lap -> {
                if (number < RACERS / 2) {
                    taking.apply(side(number), KEY + random.nextInt(KEYS))
                            .forEach((key, value) -> taken.addAndGet(numberOf(key), value));
                } else {
                    count(side(number), random, added);
                }
            });
        });
        settle(NAMESPACE);
        other.getAll(NAMESPACE).forEach((key, value) -> taken.addAndGet(numberOf(key), value));
        assertEquals(added.toString(), taken.toString());
    }

    private static Map<String, Long> taken(CounterBackend from, String key) {
        OptionalLong value = from.take(NAMESPACE, key);
        return value.isPresent() ? Map.of(key, value.getAsLong()) : Map.of();
    }

    /** Adds a random step to a random counter, and records it. */
    private static void count(CounterBackend side, Random random, AtomicLongArray added) {
        int key = random.nextInt(added.length());
        int step = random.nextInt(1_000);
        if (random.nextBoolean()) {
            side.inc(NAMESPACE, KEY + key, step, 0);
        } else {
            side.add(NAMESPACE, KEY + key, step);
        }
        added.addAndGet(key, step);
    }

    private static Map<String, Long> values(AtomicLongArray added) {
        Map<String, Long> values = new HashMap<>();
        for (int key = 0; key < added.length(); key++) {
            values.put(KEY + key, added.get(key));
        }
        return values;
    }

    private static int numberOf(String key) {
        return Integer.parseInt(key.substring(KEY.length()));
    }

    private int rounds() {
        return repetitions() / 10;
    }
}
