package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.counterex.api.CasResult;
import org.counterex.api.backend.CounterBackend;
import org.junit.Test;

/**
 * Contract of several backends on the same store, such as several processes on one server: {@link
 * CounterBackend#RETENTION_SHARED counterex.retention=shared}. A call to one has the same effect as a call to the
 * other. {@link ConcurrentSharedValuesContract} is about concurrent calls.
 *
 * <p>Backends that {@linkplain #isSeenAtOnce see at once} what others did also fulfil the contract of a single backend:
 * {@link Alternating} combines two of them for the other suites.
 */
public abstract class SharedValuesContract extends SharedSuite {

    /** A change by any operation of one backend is seen by every operation of the other. */
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

    /** Random calls to either have the same results and effects as on the model. */
    @Test
    public void calls_onEitherInAnyOrder_equalTheModel() {
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

    /** Every value is the same for the other. */
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

    /** Every name denotes the same namespace and the same counter for the other. */
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

    /** The other sees each of many counters. */
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

    /** A merged value is added to what others have counted; an absent counter is created, also with 0. */
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

    /** A merge whose result would leave the range is rejected as a whole. */
    @Test
    public void merge_outOfRange_isRejected() {
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

    /** The values of a backend that is stopped, including the last ones, remain for present and later ones. */
    @Test
    public void values_ofAStoppedBackend_remainShared() throws Exception {
        CounterBackend first = backend;
        first.set(NAMESPACE, "set", 1);
        first.inc(NAMESPACE, "counted", 2, 0);
        other.add(NAMESPACE, "counted", 3);
        other.add(NAMESPACE, "of the other", 4);
        first.add(NAMESPACE, "counted", 4);
        stop(first);
        assertEquals(Map.of("set", 1L, "counted", 9L, "of the other", 4L), other.getAll(NAMESPACE));
        other.add(NAMESPACE, "counted", 1);
        stop(other);
        backend = another(first);
        assertEquals(Map.of("set", 1L, "counted", 10L, "of the other", 4L), backend.getAll(NAMESPACE));
    }

    /**
     * The description of a new backend contains every namespace with counters of any other; the registry reads it
     * first.
     */
    @Test
    public void info_ofALaterBackend_hasNamespacesOfOthers() throws Exception {
        backend.set("one", "a", 1);
        backend.add("one", "b", 2);
        other.set("two", "a", 0);
        other.set("emptied", "a", 3);
        backend.delete("emptied", "a");
        settle("one", "two", "emptied");
        CounterBackend late = start();
        assertEquals(Map.of("one", 2L, "two", 1L), late.info().namespaces());
        assertEquals(Map.of("a", 1L, "b", 2L), late.drain("one"));
        late.set("three", "a", 1);
        assertEquals(Map.of("two", 1L, "three", 1L), other.info().namespaces());
        assertEquals(Map.of("two", 1L, "three", 1L), start().info().namespaces());
    }

    /** When {@code flush} has returned, the other sees everything counted before. */
    @Test
    public void flush_ofAdditions_makesThemVisible() {
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
}
