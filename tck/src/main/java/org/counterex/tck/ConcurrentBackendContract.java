package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.counterex.api.CasResult;
import org.counterex.api.CounterOverflowException;
import org.junit.Test;

/**
 * Contract of concurrent calls that holds also if the results of {@code inc} are estimates: no addition is lost or
 * counted twice, an initial value is applied once, and compare-and-swap is atomic. {@link CounterLifecycleContract}
 * adds what exact results imply.
 */
public abstract class ConcurrentBackendContract extends BackendSuite {

    private static final int RACERS = Race.RACERS;

    /** A value so far above 0 that no step down from it is rejected. */
    private static final long HIGH = 1L << 40;

    /** Every addition to one counter is counted once, with or without a result, by any step. */
    @Test
    public void inc_ofRacingWriters_countsEachAddition() throws Exception {
        AtomicLong added = new AtomicLong(backend.set(NAMESPACE, KEY, HIGH));
        Race.run((race, number) -> {
            Random random = seed.random(number);
            race.laps(repetitions(), i -> {
                int step = random.nextInt(2_001) - 1_000;
                count(random, KEY, step);
                added.addAndGet(step);
            });
        });
        assertValue(added.get());
    }

    /** Every addition to one of many counters is counted once, in that counter; racing creators create one each. */
    @Test
    public void inc_ofRacingWritersOnManyCounters_countsEachAddition() throws Exception {
        int keys = Math.min(manyCounters(), 100);
        AtomicLongArray added = new AtomicLongArray(keys);
        Race.run((race, number) -> {
            Random random = seed.random(number);
            race.laps(repetitions(), i -> {
                int key = i < keys ? i : random.nextInt(keys); // all create the same counters at about the same time
                int step = random.nextInt(1_000);
                count(random, KEY + key, step);
                added.addAndGet(key, step);
            });
        });
        Map<String, Long> expected = new HashMap<>();
        for (int key = 0; key < Math.min(keys, repetitions()); key++) {
            expected.put(KEY + key, added.get(key));
        }
        assertEquals(expected, backend.getAll(NAMESPACE));
        assertEquals(
                "counters",
                Map.of(NAMESPACE, (long) expected.size()),
                backend.info().namespaces());
    }

    /** Additions to a namespace are counted while others are created and deleted. */
    @Test
    public void inc_whileOtherNamespacesChange_countsEachAddition() throws Exception {
        Race.run((race, number) -> {
            race.laps(repetitions(), i -> {
                if (number == 0) {
                    backend.inc("passing", KEY + i % 10, 1, 0);
                    backend.deleteNamespace(i % 2 == 0 ? "passing" : "unknown");
                } else {
                    backend.inc(NAMESPACE + number, KEY, 1, 0);
                }
            });
        });
        for (int number = 1; number < RACERS; number++) {
            assertEquals(Map.of(KEY, (long) repetitions()), backend.getAll(NAMESPACE + number));
        }
    }

    /** Of concurrent creators exactly one applies its initial value, and each adds its step. */
    @Test
    public void inc_ofRacingCreators_appliesOneInitialValue() throws Exception {
        Race.run((race, number) -> {
            for (int round = 0; round < rounds(); round++) {
                race.together();
                backend.inc(NAMESPACE, KEY, 1, 1_000);
                race.together();
                if (number == 0) {
                    assertValue(1_000 + RACERS);
                    backend.delete(NAMESPACE, KEY);
                }
            }
        });
    }

    /** A counter that repeatedly becomes 0 remains present: the initial value is not applied again. */
    @Test
    public void inc_ofRacingWritersAroundZero_doesNotApplyTheInitialValue() throws Exception {
        backend.set(NAMESPACE, KEY, 0);
        Race.run((race, number) -> {
            race.laps(repetitions(), i -> {
                backend.inc(NAMESPACE, KEY, 1, HIGH);
                backend.inc(NAMESPACE, KEY, -1, HIGH);
            });
        });
        assertValue(0);
    }

    /** Near the upper limit as many additions succeed as the range allows, and the others are rejected. */
    @Test
    public void inc_ofRacingWritersAtTheHighest_stopsThere() throws Exception {
        assertStopsAt(HIGHEST, 1);
    }

    /** Near the lower limit as many subtractions succeed as the range allows, and the others are rejected. */
    @Test
    public void inc_ofRacingWritersAtTheLowest_stopsThere() throws Exception {
        assertStopsAt(lowest(), -1);
    }

    /**
     * Of concurrent compare-and-swaps with the same expected value one succeeds, so a loop adds exactly, also alongside
     * inc.
     */
    @Test
    public void compareAndSwap_ofRacingWriters_addsLikeInc() throws Exception {
        int swaps = repetitions() / 4; // each may take several attempts
        Race.run((race, number) -> {
            race.laps(swaps, i -> {
                if (number == 0) {
                    backend.inc(NAMESPACE, KEY, 1, 0);
                } else {
                    long found = 0;
                    CasResult result = backend.compareAndSwap(NAMESPACE, KEY, found, found + 1);
                    while (!result.swapped() && !race.isLost()) {
                        found = result.value();
                        result = backend.compareAndSwap(NAMESPACE, KEY, found, found + 1);
                    }
                    assertEquals(new CasResult(true, found + 1), result);
                }
            });
        });
        assertValue((long) RACERS * swaps);
    }

    /** Of concurrent compare-and-swaps on an absent counter one creates it, and the others return its value. */
    @Test
    public void compareAndSwap_ofRacingCreators_createsOnce() throws Exception {
        AtomicInteger creators = new AtomicInteger();
        AtomicLong sum = new AtomicLong();
        Race.run((race, number) -> {
            for (int round = 0; round < rounds(); round++) {
                race.together();
                CasResult result = backend.compareAndSwap(NAMESPACE, KEY, 0, number + 1);
                creators.addAndGet(result.swapped() ? 1 : 0);
                sum.addAndGet(result.value());
                race.together();
                if (number == 0) {
                    assertEquals("creators", 1, creators.getAndSet(0));
                    assertValue(sum.getAndSet(0) / RACERS);
                    backend.delete(NAMESPACE, KEY);
                }
            }
        });
    }

    /** A compare-and-swap that fails creates nothing, also while the counter is created and deleted. */
    @Test
    public void compareAndSwap_thatFailsOnAPassingCounter_createsNothing() throws Exception {
        Race.run((race, number) -> {
            race.laps(repetitions(), i -> {
                if (number == 0) {
                    if (i % 4 == 0) {
                        backend.set(NAMESPACE, KEY, 5);
                        backend.delete(NAMESPACE, KEY);
                    }
                    assertEquals("after delete", OptionalLong.empty(), value());
                } else {
                    CasResult result = backend.compareAndSwap(NAMESPACE, KEY, 7, 9);
                    assertFalse("swapped", result.swapped());
                    assertTrue("value found: " + result.value(), result.value() == 0 || result.value() == 5);
                }
            });
        });
        assertAbsent();
    }

    /** A set or reset is not undone by concurrent additions. */
    @Test
    public void set_withRacingWriters_isNotUndone() throws Exception {
        backend.set(NAMESPACE, KEY, 0);
        Race.run((race, number) -> race.laps(repetitions(), i -> {
            if (number == 0) {
                long given = (i + 1L) << 32; // further apart than the sum of all additions
                assertEquals("set before", i, value().getAsLong() >> 32);
                assertEquals(
                        given, i % 2 == 0 ? backend.set(NAMESPACE, KEY, given) : backend.reset(NAMESPACE, KEY, given));
                assertEquals("set now", i + 1, value().getAsLong() >> 32);
            } else {
                backend.inc(NAMESPACE, KEY, 1, 0);
            }
        }));
    }

    /** The values removed by drains and compare-and-swaps and the rest are the sum of all additions. */
    @Test
    public void drain_withRacingWriters_takesEachAdditionOnce() throws Exception {
        assumeTrue("a backend with an atomic drain", drainsAtomically());
        int keys = 3;
        AtomicLongArray added = new AtomicLongArray(keys);
        AtomicLongArray taken = new AtomicLongArray(keys);
        Race.run((race, number) -> {
            Random random = seed.random(number);
            race.laps(repetitions(), i -> {
                int key = random.nextInt(keys);
                int step = random.nextInt(1_000);
                if (number > 1) {
                    count(random, KEY + key, step);
                    added.addAndGet(key, step);
                } else if (random.nextBoolean()) {
                    backend.drain(NAMESPACE).forEach((name, value) -> taken.addAndGet(keyNumber(name), value));
                } else {
                    long found = backend.get(NAMESPACE, KEY + key).orElse(0);
                    if (backend.compareAndSwap(NAMESPACE, KEY + key, found, 0).swapped()) {
                        taken.addAndGet(key, found);
                    }
                }
            });
        });
        backend.getAll(NAMESPACE).forEach((name, value) -> taken.addAndGet(keyNumber(name), value));
        assertEquals(added.toString(), taken.toString());
    }

    /** A value set in a counter is in the result of exactly one drain, or still there. */
    @Test
    public void drain_withRacingCreators_takesEachValueOnce() throws Exception {
        assumeTrue("a backend with an atomic drain", drainsAtomically());
        AtomicLong given = new AtomicLong();
        AtomicLong taken = new AtomicLong();
        Race.run((race, number) -> {
            race.laps(repetitions(), i -> {
                if (number <= 1) {
                    taken.addAndGet(backend.drain(NAMESPACE).getOrDefault(KEY, 0L));
                } else if (backend.compareAndSwap(NAMESPACE, KEY, 0, i + 1).swapped()) {
                    given.addAndGet(i + 1); // the counter was absent: its previous value has been drained
                }
            });
        });
        assertEquals(given.get(), taken.get() + value().orElse(0));
    }

    /** A value read contains every addition acknowledged before the call, and none that began after it. */
    @Test
    public void get_withRacingWriters_isBetweenAcknowledgedAndBegun() throws Exception {
        AtomicLong begun = new AtomicLong();
        AtomicLong acknowledged = new AtomicLong();
        backend.set(NAMESPACE, KEY, 0);
        Race.run((race, number) -> {
            race.laps(repetitions(), i -> {
                if (number > 1) {
                    begun.incrementAndGet();
                    backend.add(NAMESPACE, KEY, 1);
                    acknowledged.incrementAndGet();
                } else {
                    long least = acknowledged.get();
                    long read = number == 0
                            ? value().getAsLong()
                            : backend.getAll(NAMESPACE).get(KEY);
                    long most = begun.get();
                    assertTrue(least + " <= " + read + " <= " + most, least <= read && read <= most);
                }
            });
        });
    }

    /** A counter that is present throughout appears once with its value, while others are created and deleted. */
    @Test
    public void getAll_whileOthersChange_returnsWhatIsPresent() throws Exception {
        Map<String, Long> present = new HashMap<>();
        for (long i = 0; i < 20; i++) {
            present.put("present-" + i, backend.set(NAMESPACE, "present-" + i, i));
        }
        Race.run((race, number) -> {
            Random random = seed.random(number);
            race.laps(repetitions(), i -> {
                if (number > 0) {
                    String passing = random.nextInt(10) + "-passing-" + number;
                    backend.inc(NAMESPACE, passing, 7, 0);
                    backend.delete(NAMESPACE, passing);
                } else {
                    Map<String, Long> all = backend.getAll(NAMESPACE);
                    assertTrue(
                            "passing: " + all,
                            all.entrySet().stream()
                                    .allMatch(entry -> present.containsKey(entry.getKey()) || entry.getValue() == 7));
                    all.keySet().retainAll(present.keySet());
                    assertEquals(present, all);
                }
            });
        });
        assertEquals(present, backend.getAll(NAMESPACE));
    }

    private int rounds() {
        return repetitions() / 10;
    }

    private void count(Random random, String key, long step) {
        if (random.nextBoolean()) {
            backend.inc(NAMESPACE, key, step, 0);
        } else {
            backend.add(NAMESPACE, key, step);
        }
    }

    private void assertStopsAt(long limit, long step) throws Exception {
        int room = RACERS / 2;
        AtomicInteger done = new AtomicInteger();
        Race.run((race, number) -> {
            for (int round = 0; round < rounds(); round++) {
                if (number == 0) {
                    backend.set(NAMESPACE, KEY, limit - room * step);
                }
                race.together();
                try {
                    backend.inc(NAMESPACE, KEY, step, 0);
                    done.incrementAndGet();
                } catch (CounterOverflowException e) {
                    // rejected, so not done
                }
                race.together();
                if (number == 0) {
                    assertEquals("steps taken", room, done.getAndSet(0));
                    assertValue(limit);
                }
            }
        });
    }

    private static int keyNumber(String name) {
        return Integer.parseInt(name.substring(KEY.length()));
    }
}
