package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLongArray;
import org.counterex.api.backend.CounterBackend;
import org.junit.Test;

/**
 * What a backend has to have again when it returns, if it keeps its values for itself:
 * {@link CounterBackend#RETENTION_LOCAL counterex.retention=local}.
 */
public abstract class RetainedValuesContract extends BackendSuite {

    private static final int RACERS = Race.RACERS;
    private static final int KEYS = 7;

    /**
     * Ends a backend in good order, as its component does when it is deactivated, and makes another one that finds what the
     * first has kept.
     *
     * @throws Exception it cannot be made; the test fails
     */
    protected abstract CounterBackend reopened(CounterBackend backend) throws Exception;

    /**
     * As {@link #reopened}, but as if the process of the first one had died: it has no occasion to write anything more. For
     * a file that may mean to copy it, and to open the copy. This implementation ends the backend in good order; with that,
     * the tests of {@code flush} show less.
     *
     * @throws Exception it cannot be made; the test fails
     */
    protected CounterBackend crashed(CounterBackend backend) throws Exception {
        return reopened(backend);
    }

    /** A counter has any value again that it can have. */
    @Test
    public void values_ofEveryKind_areThereAgain() throws Exception {
        Map<String, Long> values = new HashMap<>();
        for (long value : new long[] {0, 1, 1L << 31, 1L << 53, 1L << 60, 1L << 61, 1L << 62, HIGHEST - 1, HIGHEST}) {
            values.put("at " + value, value);
            values.put("at " + Math.max(lowest(), -value), Math.max(lowest(), -value));
        }
        values.forEach((key, value) -> backend.set(NAMESPACE, key, value));
        reopen();
        assertEquals(values, backend.getAll(NAMESPACE));
        reopen();
        assertEquals("for the second time", values, backend.getAll(NAMESPACE));
    }

    /** Namespaces and counters have any name again. */
    @Test
    public void names_ofAnyKind_areThereAgain() throws Exception {
        Arbitrary arbitrary = new Arbitrary(seed.random(0));
        Map<String, Map<String, Long>> counters = new HashMap<>();
        for (int i = 0; i < seed.rounds(100); i++) {
            // Few in each: a bounded backend has room for all, and names differ in little where they differ at all.
            String namespace =
                    i % 3 == 0 ? arbitrary.name() : arbitrary.of(" n", "n", "N", "n:", "n\0", "e\u0301", "\u00e9");
            String key = i % 3 == 1 ? arbitrary.name() : arbitrary.of(" k", "k", "K", ":k", "k\0", "e\u0301", "\u00e9");
            Map<String, Long> all = counters.computeIfAbsent(namespace, absent -> new HashMap<>());
            all.put(key, backend.set(namespace, key, i));
        }
        reopen();
        counters.forEach((namespace, all) -> assertEquals(all, backend.getAll(namespace)));
    }

    /** However many counters there are, each is there again. */
    @Test
    public void manyCounters_areThereAgain() throws Exception {
        Map<String, Long> values = new HashMap<>();
        for (int i = 0; i < manyCounters(); i++) {
            values.put(KEY + i, backend.inc(NAMESPACE, KEY + i, i, 0));
        }
        reopen();
        assertEquals(values, backend.getAll(NAMESPACE));
    }

    /** Counters that were there again are changed like any others, and by every operation. */
    @Test
    public void changes_ofEveryKind_areThereAgain() throws Exception {
        List<String> keys = List.of("inc", "add", "set", "reset", "swap", "untouched");
        keys.forEach(key -> backend.set(NAMESPACE, key, 10));
        reopen();
        assertEquals("goes on from what it was", 15, backend.inc(NAMESPACE, "inc", 5, 1_000));
        backend.add(NAMESPACE, "add", 6);
        backend.set(NAMESPACE, "set", 17);
        backend.reset(NAMESPACE, "reset", 8);
        assertTrue(backend.compareAndSwap(NAMESPACE, "swap", 10, 19).swapped());
        reopen();
        assertEquals(
                Map.of("inc", 15L, "add", 16L, "set", 17L, "reset", 8L, "swap", 19L, "untouched", 10L),
                backend.getAll(NAMESPACE));
    }

    /** What was deleted or drained does not come back, not even in part. */
    @Test
    public void countersThatWereRemoved_areNotThereAgain() throws Exception {
        for (String namespace : List.of("some", "drained", "deleted")) {
            backend.set(namespace, "one", 1);
            backend.set(namespace, "two", 2);
            backend.set(namespace, "three", 3);
        }
        reopen();
        backend.delete("some", "one");
        backend.delete("some", "two");
        assertEquals("comes again as a new one", 105, backend.inc("some", "two", 5, 100));
        assertEquals(Map.of("one", 1L, "two", 2L, "three", 3L), backend.drain("drained"));
        backend.deleteNamespace("deleted");
        backend.set("deleted", "new", 4);
        reopen();
        assertEquals(Map.of("two", 105L, "three", 3L), backend.getAll("some"));
        assertEquals(Map.of(), backend.getAll("drained"));
        assertEquals(Map.of("new", 4L), backend.getAll("deleted"));
        assertEquals("is created like any other", 11, backend.inc("some", "one", 1, 10));
    }

    /** The registry asks this first: it tells of every namespace that has counters, though nobody has asked for one yet. */
    @Test
    public void info_ofABackendThatHasReturned_tellsWhatIsThere() throws Exception {
        backend.set("one", "a", 1);
        backend.set("one", "b", 2);
        backend.set("two", "a", 0);
        backend.set("emptied", "a", 3);
        backend.delete("emptied", "a");
        reopen();
        assertEquals(Map.of("one", 2L, "two", 1L), backend.info().namespaces());
        reopen();
        assertEquals("untouched", Map.of("one", 2L, "two", 1L), backend.info().namespaces());
    }

    /** Where nothing was kept there is nothing. */
    @Test
    public void backendWithoutCounters_hasNoneAgain() throws Exception {
        reopen();
        assertAbsent();
        assertEquals(15, backend.inc(NAMESPACE, KEY, 5, 10));
    }

    /** Any calls in any order do what they do to the model, whenever the backend leaves and returns. */
    @Test
    public void calls_withReturnsInBetween_doWhatTheModelDoes() throws Exception {
        CounterBackend model = new Model(capacity(), lowest());
        Random random = seed.random(1);
        RandomCalls calls = new RandomCalls(seed.random(0), lowest(), 4);
        for (int i = 0; i < repetitions(); i++) {
            RandomCalls.Call call = calls.next();
            Object before = RandomCalls.state(model);
            assertEquals(call.text() + " on " + before, call.on(model), call.on(backend));
            if (random.nextInt(100) == 0) {
                backend.flush(random.nextBoolean() ? "one" : "two");
            }
            if (random.nextInt(100) == 0) {
                reopen();
                assertEquals("kept after " + call.text(), RandomCalls.state(model), RandomCalls.state(backend));
            }
        }
    }

    /** What racing callers have counted, created and removed while others flush is there again, as it was in the end. */
    @Test
    public void countersOfRacingCallers_areThereAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
            backend.drain(NAMESPACE);
            AtomicLongArray added = new AtomicLongArray(KEYS);
            Race.run(RACERS + 1, (race, number) -> {
                Random random = seed.random(number);
                race.laps(repetitions() / 5, lap -> {
                    int key = random.nextInt(KEYS);
                    if (number == RACERS) {
                        backend.flush(NAMESPACE);
                    } else if (random.nextInt(4) == 0) {
                        backend.delete(NAMESPACE, "comes and goes " + key);
                        backend.inc(NAMESPACE, "comes and goes " + random.nextInt(KEYS), 1, 0);
                    } else {
                        backend.add(NAMESPACE, KEY + key, 1);
                        added.incrementAndGet(key);
                    }
                });
            });
            Map<String, Long> before = backend.getAll(NAMESPACE);
            reopen();
            assertEquals(before, backend.getAll(NAMESPACE));
            for (int key = 0; key < KEYS; key++) {
                assertEquals(
                        KEY + key,
                        added.get(key),
                        backend.get(NAMESPACE, KEY + key).orElse(0));
            }
        }
    }

    /** When {@code flush} returns, all that was done before is kept, whatever happens then. */
    @Test
    public void flush_beforeACrash_keepsWhatWasDone() throws Exception {
        backend.set(NAMESPACE, "set", 1);
        backend.set(NAMESPACE, "deleted", 2);
        backend.set(NAMESPACE, "changed", 3);
        backend.flush(NAMESPACE);
        crash();
        assertEquals(Map.of("set", 1L, "deleted", 2L, "changed", 3L), backend.getAll(NAMESPACE));
        backend.delete(NAMESPACE, "deleted");
        backend.inc(NAMESPACE, "changed", 1, 0);
        backend.flush(NAMESPACE);
        crash();
        assertEquals(Map.of("set", 1L, "changed", 4L), backend.getAll(NAMESPACE));
    }

    /** Each flush keeps what its caller has done, also what another one is about to write, or has changed as well. */
    @Test
    public void flush_besideRacingCallers_keepsWhatWasDone() throws Exception {
        int laps = Math.max(1, repetitions() / 250);
        for (int i = 0; i < 10; i++) { // what is missed after the last lap alone can be seen
            long before = value().orElse(0);
            Race.run((race, number) -> race.laps(laps, lap -> {
                race.together();
                backend.add(NAMESPACE, KEY, 1);
                backend.add(NAMESPACE, KEY + number, 1);
                backend.flush(NAMESPACE);
            }));
            crash();
            assertValue(before + RACERS * laps);
        }
    }

    private void reopen() throws Exception {
        CounterBackend ended = backend;
        backend = null;
        backend = reopened(ended);
    }

    private void crash() throws Exception {
        CounterBackend ended = backend;
        backend = null;
        backend = crashed(ended);
    }
}
