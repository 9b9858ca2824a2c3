package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
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
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * What several backends have to hold whose values are in one place, as those of several runtimes in one server:
 * {@link CounterBackend#KEEPS_SHARED counterex.keeps=shared}. To each of them it makes no difference who has called.
 *
 * <p>Those that {@link #isSeenAtOnce see at once} what the others did can be shown to do all that one backend does:
 * {@link Alternating} makes one of them for the other suites.
 */
public abstract class SharedValuesContract extends BackendSuite {

    private static final int RACERS = Race.RACERS;
    private static final int KEYS = 3;

    /** Those on the same place as {@link #backend} that have come and not left. */
    private final List<CounterBackend> others = new ArrayList<>();

    private CounterBackend other;

    /**
     * Makes another backend on the same place as one, as if in another runtime. The one given may have been ended, by
     * {@link #close}; whoever does that leaves the values where they are.
     *
     * @throws Exception it cannot be made; the test fails
     */
    protected abstract CounterBackend another(CounterBackend backend) throws Exception;

    /**
     * Whether the others see what was counted as soon as a call has returned: true here. If they do so after {@code flush}
     * alone, as additions are sent later, the suite calls that before it looks, and leaves out what would have to be
     * exact without. See {@link #returnsExactValues} for what {@code inc} tells.
     */
    protected boolean isSeenAtOnce() {
        return true;
    }

    @Before
    public final void openAnother() throws Exception {
        other = come();
    }

    @After
    public final void closeOthers() throws Exception {
        for (CounterBackend each : others) {
            close(each);
        }
    }

    /** By whichever operation one has changed a counter, the other meets what it has become, in every operation. */
    @Test
    public void calls_ofEveryKind_areSeenByTheOther() {
        for (CounterBackend one : List.of(backend, other)) {
            CounterBackend two = opposite(one);
            one.inc(NAMESPACE, KEY, 5, 10);
            assertSeen(15);
            two.inc(NAMESPACE, KEY, 5, 1_000);
            assertSeen(20);
            one.add(NAMESPACE, KEY, 1);
            assertSeen(21);
            two.set(NAMESPACE, KEY, 7);
            assertSeen(7);
            one.reset(NAMESPACE, KEY, 8);
            assertSeen(8);
            assertEquals(new CasResult(true, 9), two.compareAndSwap(NAMESPACE, KEY, 8, 9));
            assertSeen(9);
            assertEquals(new CasResult(false, 9), one.compareAndSwap(NAMESPACE, KEY, 8, 10));
            two.merge(NAMESPACE, KEY, 3);
            assertSeen(12);
            assertEquals(OptionalLong.of(12), one.take(NAMESPACE, KEY));
            assertNotSeen();
            assertEquals("taken before", OptionalLong.empty(), two.take(NAMESPACE, KEY));
            two.set(NAMESPACE, KEY, 6);
            one.delete(NAMESPACE, KEY);
            assertNotSeen();
            two.inc(NAMESPACE, KEY, 1, 100);
            assertSeen(101);
            one.deleteNamespace(NAMESPACE);
            assertNotSeen();
            two.add(NAMESPACE, KEY, 4);
            settle(NAMESPACE);
            assertEquals(Map.of(KEY, 4L), one.drain(NAMESPACE));
            assertNotSeen();
            assertEquals("drained before", Map.of(), two.drain(NAMESPACE));
        }
    }

    /** Any calls in any order, to either, do what they do to the model. */
    @Test
    public void calls_onEitherInAnyOrder_doWhatTheModelDoes() {
        assumeTrue("backends that see at once what the other did", isSeenAtOnce());
        CounterBackend model = new Model(capacity(), lowest());
        RandomCalls calls = new RandomCalls(seed.random(0), lowest(), 4);
        Random random = seed.random(1);
        for (int i = 0; i < repetitions(); i++) {
            CounterBackend called = side(random.nextInt(2));
            RandomCalls.Call call = calls.next();
            Object before = RandomCalls.state(model);
            assertEquals(call.text() + " on " + before, call.on(model), call.on(called));
            assertEquals(
                    "the other after " + call.text() + " on " + before,
                    RandomCalls.state(model),
                    RandomCalls.state(opposite(called)));
        }
    }

    /** A value is the same for the other, whatever it is. */
    @Test
    public void values_ofEveryKind_areTheSameForTheOther() {
        Map<String, Long> values = new HashMap<>();
        for (long edge : new long[] {0, 1, 1L << 31, 1L << 53, 1L << 60, 1L << 61, 1L << 62, HIGHEST - 1, HIGHEST}) {
            for (long value : new long[] {edge, Math.max(lowest(), -edge)}) {
                values.put("set to " + value, backend.set(NAMESPACE, "set to " + value, value));
                backend.merge(NAMESPACE, "merged " + value, value);
                values.put("merged " + value, value);
            }
        }
        settle(NAMESPACE);
        assertEquals(values, other.getAll(NAMESPACE));
        values.forEach((key, value) -> assertEquals(key, OptionalLong.of(value), other.take(NAMESPACE, key)));
    }

    /** A name means the same namespace and the same counter to the other, whatever it is. */
    @Test
    public void names_ofAnyKind_areTheSameForTheOther() {
        Arbitrary arbitrary = new Arbitrary(seed.random(0));
        Map<String, Map<String, Long>> counters = new HashMap<>();
        for (int i = 0; i < seed.rounds(100); i++) {
            String namespace = i % 3 == 0 ? arbitrary.name() : arbitrary.of(" n", "n", "N", "n:", "{n}", "n}", "%7Bn");
            String key = i % 3 == 1 ? arbitrary.name() : arbitrary.of(" k", "k", "K", "k\0", "e\u0301", "\u00e9");
            backend.merge(namespace, key, i);
            other.add(namespace, key, 1);
            counters.computeIfAbsent(namespace, absent -> new HashMap<>()).merge(key, i + 1L, Long::sum);
        }
        settle(counters.keySet().toArray(String[]::new));
        Map<String, Long> sizes = new HashMap<>();
        counters.forEach((namespace, all) -> {
            assertEquals(all, other.getAll(namespace));
            assertEquals(all, backend.getAll(namespace));
            sizes.put(namespace, (long) all.size());
        });
        assertEquals(sizes, other.info().namespaces());
        counters.forEach((namespace, all) -> assertEquals(all, other.drain(namespace)));
        assertEquals(Map.of(), backend.info().namespaces());
    }

    /** However many counters there are, the other sees each. */
    @Test
    public void manyCounters_areSeenByTheOther() {
        Map<String, Long> values = new HashMap<>();
        for (int i = 0; i < manyCounters(); i++) {
            backend.add(NAMESPACE, KEY + i, i);
            values.put(KEY + i, (long) i);
        }
        settle(NAMESPACE);
        assertEquals(values, other.getAll(NAMESPACE));
        assertEquals(Map.of(NAMESPACE, (long) values.size()), other.info().namespaces());
        assertEquals(values, other.drain(NAMESPACE));
    }

    /** Whoever adds 1 to a counter that was absent gets one of the values 1, 2, 3, ..., and nobody else does. */
    @Test
    public void inc_ofRacersOnBoth_returnsOneToN() throws Exception {
        assumeTrue("backends that return exact values", returnsExactValues());
        long[][] returned = new long[RACERS][repetitions()];
        Race.run((race, number) -> race.laps(
                repetitions(), lap -> returned[number][lap] = side(number).inc(NAMESPACE, KEY, 1, 0)));
        Lives.assertOneToN(Arrays.stream(returned).flatMapToLong(Arrays::stream));
    }

    /** What both have added is what there is, to the one and to the other. */
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

    /** Of creators on both one applies its initial value, and each adds its step. */
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

    /** Of compare-and-swaps on both that expect the same, one succeeds: so a loop of them adds exactly, beside inc too. */
    @Test
    public void compareAndSwap_ofRacersOnBoth_addsLikeInc() throws Exception {
        int swaps = repetitions() / 4; // each may take several attempts
        Race.run((race, number) -> race.laps(swaps, lap -> {
            if (number == 0) {
                backend.inc(NAMESPACE, KEY, 1, 0);
                return;
            }
            long met = 0;
            CasResult result = side(number).compareAndSwap(NAMESPACE, KEY, met, met + 1);
            while (!result.swapped() && !race.isLost()) {
                met = result.value();
                result = side(number).compareAndSwap(NAMESPACE, KEY, met, met + 1);
            }
            assertEquals(new CasResult(true, met + 1), result);
        }));
        assertSeen((long) RACERS * swaps);
    }

    /** Of compare-and-swaps on both one creates an absent counter, and all are told its value. */
    @Test
    public void compareAndSwap_ofCreatorsOnBoth_createsOnce() throws Exception {
        AtomicInteger creators = new AtomicInteger();
        AtomicLong told = new AtomicLong();
        Race.run((race, number) -> {
            for (int round = 0; round < rounds(); round++) {
                race.together();
                CasResult result = side(number).compareAndSwap(NAMESPACE, KEY, 0, number + 1);
                creators.addAndGet(result.swapped() ? 1 : 0);
                told.addAndGet(result.value());
                race.together();
                if (number == 0) {
                    assertEquals("creators", 1, creators.getAndSet(0));
                    assertSeen(told.getAndSet(0) / RACERS);
                    side(round).delete(NAMESPACE, KEY);
                }
            }
        });
    }

    /** Each addition to either is in one take of either, or still counted. */
    @Test
    public void take_besideAdditionsOfTheOther_takesEachOnce() throws Exception {
        assertEachIsTakenOnce((from, key) -> taken(from, key));
    }

    /** Each addition to either is in one drain of either, or still counted. */
    @Test
    public void drain_besideAdditionsOfTheOther_takesEachOnce() throws Exception {
        assertEachIsTakenOnce((from, key) -> from.drain(NAMESPACE));
    }

    /** Where drains and takes of both meet, each addition is in one of them. */
    @Test
    public void drain_besideTakesOfTheOther_takesEachOnce() throws Exception {
        assertEachIsTakenOnce((from, key) -> from == backend ? from.drain(NAMESPACE) : taken(from, key));
    }

    /** Of takers on both one gets the counter, all of it, and the others get nothing. */
    @Test
    public void take_ofTheSameCounterByBoth_givesItToOne() throws Exception {
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

    /** An addition is in the counter that the other deletes or in the one that comes after, and never brings one back. */
    @Test
    public void delete_besideAdditionsOfTheOther_endsTheCounter() throws Exception {
        assumeTrue("backends that return exact values", returnsExactValues());
        Lives lives = new Lives();
        Race.run((race, number) -> {
            CounterBackend side = side(number);
            Random random = seed.random(number);
            Lives.Witness witness = lives.witness(number);
            race.laps(repetitions(), lap -> {
                OptionalLong before = number == 0 && random.nextInt(4) == 0 ? value() : OptionalLong.empty();
                if (before.isPresent()) {
                    backend.delete(NAMESPACE, KEY);
                    OptionalLong after = value();
                    assertTrue(
                            "deleted at " + before + " and now at " + after,
                            after.isEmpty() || Lives.life(before.getAsLong()) != Lives.life(after.getAsLong()));
                } else {
                    witness.counted(side.inc(NAMESPACE, KEY, 1, witness.begin()));
                }
            });
        });
        other.get(NAMESPACE, KEY).ifPresent(lives.witness(0)::ended);
        lives.check();
    }

    /** What is merged is added to what others have counted, and an absent counter is created, with 0 too. */
    @Test
    public void merge_intoWhatOthersCount_isAdded() {
        other.set(NAMESPACE, KEY, 5);
        backend.merge(NAMESPACE, KEY, 7);
        assertSeen(12);
        other.add(NAMESPACE, KEY, 1);
        settle(NAMESPACE);
        backend.merge(NAMESPACE, KEY, -3);
        assertSeen(10);
        other.delete(NAMESPACE, KEY);
        backend.merge(NAMESPACE, KEY, 4);
        assertSeen(4);
        other.delete(NAMESPACE, KEY);
        backend.merge(NAMESPACE, KEY, 0);
        assertSeen(0);
    }

    /** What both merge while both count, and others take out, is counted once. */
    @Test
    public void merge_besideRacersOnBoth_isAdded() throws Exception {
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
        assertEquals("what is missing", new AtomicLongArray(KEYS).toString(), sum.toString());
    }

    /** What cannot be added to what others have counted is refused, and not even a part of it is counted. */
    @Test
    public void merge_outOfRange_isRefusedWhole() {
        other.set(NAMESPACE, KEY, HIGHEST - 1);
        assertOutOfRange("beyond the highest", () -> backend.merge(NAMESPACE, KEY, 2));
        assertOutOfRange("far beyond the highest", () -> backend.merge(NAMESPACE, KEY, HIGHEST));
        assertSeen(HIGHEST - 1);
        backend.merge(NAMESPACE, KEY, 1);
        assertSeen(HIGHEST);
        other.set(NAMESPACE, KEY, lowest() + 1);
        assertOutOfRange("below the lowest", () -> backend.merge(NAMESPACE, KEY, -2));
        assertOutOfRange("far below the lowest", () -> backend.merge(NAMESPACE, KEY, -HIGHEST));
        assertSeen(lowest() + 1);
        backend.merge(NAMESPACE, KEY, -1);
        assertSeen(lowest());
    }

    /** Close to the limit as many merges of both succeed as there is room for, and the others are refused. */
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
                    // refused, so not counted
                }
                race.together();
                if (number == 0) {
                    assertEquals("values merged", room, merged.getAndSet(0));
                    assertSeen(HIGHEST);
                }
            }
        });
    }

    /** One that leaves leaves its values, the last ones too, to those that stay and to those that come. */
    @Test
    public void values_ofOneThatLeaves_staySharedByTheOthers() throws Exception {
        CounterBackend first = backend;
        first.set(NAMESPACE, "set", 1);
        first.inc(NAMESPACE, "counted", 2, 0);
        other.add(NAMESPACE, "counted", 3);
        other.add(NAMESPACE, "of the other", 4);
        first.add(NAMESPACE, "counted", 4);
        leave(first);
        assertEquals(Map.of("set", 1L, "counted", 9L, "of the other", 4L), other.getAll(NAMESPACE));
        other.add(NAMESPACE, "counted", 1);
        leave(other);
        backend = another(first);
        assertEquals(Map.of("set", 1L, "counted", 10L, "of the other", 4L), backend.getAll(NAMESPACE));
    }

    /** While others come, count and leave, nothing is lost of what they or those who stay count. */
    @Test
    public void add_whileOthersComeAndGo_isSummed() throws Exception {
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

    /** The registry asks this first: one that comes tells of every namespace that has counters, whoever made them. */
    @Test
    public void info_ofOneThatComesLater_tellsOfTheNamespacesOfOthers() throws Exception {
        backend.set("one", "a", 1);
        backend.add("one", "b", 2);
        other.set("two", "a", 0);
        other.set("emptied", "a", 3);
        backend.delete("emptied", "a");
        settle("one", "two", "emptied");
        CounterBackend late = come();
        assertEquals(Map.of("one", 2L, "two", 1L), late.info().namespaces());
        assertEquals(Map.of("a", 1L, "b", 2L), late.drain("one"));
        late.set("three", "a", 1);
        assertEquals(Map.of("two", 1L, "three", 1L), other.info().namespaces());
        assertEquals(Map.of("two", 1L, "three", 1L), come().info().namespaces());
    }

    /** When {@code flush} returns, the other sees all that was counted before. */
    @Test
    public void flush_ofWhatWasCounted_showsItToTheOther() {
        backend.add(NAMESPACE, "added", 5);
        backend.inc(NAMESPACE, "counted", 6, 0);
        backend.flush(NAMESPACE);
        assertEquals(Map.of("added", 5L, "counted", 6L), other.getAll(NAMESPACE));
        assertEquals(Map.of(NAMESPACE, 2L), other.info().namespaces());
        backend.add(NAMESPACE, "added", 1);
        backend.flush(NAMESPACE);
        assertEquals("once more", OptionalLong.of(6), other.get(NAMESPACE, "added"));
        backend.flush(NAMESPACE);
        backend.flush("unknown");
        assertEquals("not again", Map.of("added", 6L, "counted", 6L), other.getAll(NAMESPACE));
    }

    /** Each flush shows what its caller has counted, also what another one is about to send. */
    @Test
    public void flush_besideRacingCallers_showsWhatWasCounted() throws Exception {
        Race.run((race, number) -> {
            for (long round = 1; round <= rounds(); round++) {
                race.together();
                side(number).add(NAMESPACE, KEY + number, 1);
                side(number).flush(NAMESPACE);
                assertEquals(OptionalLong.of(round), side(number + 1).get(NAMESPACE, KEY + number));
            }
        });
    }

    /** Where a racer calls, or anybody else who has a number. */
    private CounterBackend side(int number) {
        return number % 2 == 0 ? backend : other;
    }

    private CounterBackend opposite(CounterBackend one) {
        return one == backend ? other : backend;
    }

    private CounterBackend come() throws Exception {
        CounterBackend newcomer = another(backend);
        others.add(newcomer);
        return newcomer;
    }

    private void leave(CounterBackend leaving) throws Exception {
        others.remove(leaving);
        if (leaving == backend) {
            backend = null;
        }
        close(leaving);
    }

    /** Lets both see what both have counted. */
    private void settle(String... namespaces) {
        for (String namespace : isSeenAtOnce() ? new String[0] : namespaces) {
            backend.flush(namespace);
            other.flush(namespace);
        }
    }

    private void assertSeen(long expected) {
        settle(NAMESPACE);
        for (CounterBackend each : List.of(backend, other)) {
            assertEquals("value", OptionalLong.of(expected), each.get(NAMESPACE, KEY));
            assertEquals("all counters", Map.of(KEY, expected), each.getAll(NAMESPACE));
            assertEquals(
                    "counters in each namespace",
                    Map.of(NAMESPACE, 1L),
                    each.info().namespaces());
        }
    }

    private void assertNotSeen() {
        settle(NAMESPACE);
        for (CounterBackend each : List.of(backend, other)) {
            assertEquals("value", OptionalLong.empty(), each.get(NAMESPACE, KEY));
            assertEquals("all counters", Map.of(), each.getAll(NAMESPACE));
            assertEquals("counters in each namespace", Map.of(), each.info().namespaces());
        }
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

    /** Adds something to some counter, and notes it. */
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
