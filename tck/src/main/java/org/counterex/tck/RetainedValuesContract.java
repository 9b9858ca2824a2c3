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
 * Contract of a backend that retains its values locally, {@link CounterBackend#RETENTION_LOCAL
 * counterex.retention=local}: the state after it returns.
 */
public abstract class RetainedValuesContract extends BackendSuite {

    private static final int RACERS = Race.RACERS;
    private static final int KEYS = 7;

    /**
     * Stops a backend in good order, as its component does when it is deactivated, and creates another one on the
     * values that the first has retained.
     *
     * @throws Exception it cannot be created; the test fails
     */
    protected abstract CounterBackend reopened(CounterBackend backend) throws Exception;

    /**
     * Creates another backend as {@link #reopened} does, but as if the process of the first one had been killed, so
     * that it writes nothing more. With a file, a test may copy it and open the copy. This implementation stops the
     * backend in good order, with which the tests of {@code flush} prove less.
     *
     * @throws Exception it cannot be created; the test fails
     */
    protected CounterBackend crashed(CounterBackend backend) throws Exception {
        return reopened(backend);
    }

    /** Every value of a counter is retained. */
    @Test
    public void values_ofEveryKind_areRetained() throws Exception {
        Map<String, Long> values = new HashMap<>();
        for (long value : new long[] {0, 1, 1L << 31, 1L << 53, 1L << 60, 1L << 61, 1L << 62, HIGHEST - 1, HIGHEST}) {
            values.put("at " + value, value);
            values.put("at " + Math.max(lowest(), -value), Math.max(lowest(), -value));
        }
        values.forEach((key, value) -> backend.set(NAMESPACE, key, value));
        reopen();
        assertEquals(values, backend.getAll(NAMESPACE));
        reopen();
        assertEquals("after the second time", values, backend.getAll(NAMESPACE));
    }

    /** Every name of a namespace or counter is retained. */
    @Test
    public void names_ofAnyKind_areRetained() throws Exception {
        Arbitrary arbitrary = new Arbitrary(seed.random(0));
        Map<String, Map<String, Long>> counters = new HashMap<>();
        for (int i = 0; i < seed.rounds(100); i++) {
            // Few counters in each namespace, for bounded backends; the fixed names differ little.
            String namespace =
                    i % 3 == 0 ? arbitrary.name() : arbitrary.of(" n", "n", "N", "n:", "n\0", "e\u0301", "\u00e9");
            String key = i % 3 == 1 ? arbitrary.name() : arbitrary.of(" k", "k", "K", ":k", "k\0", "e\u0301", "\u00e9");
            Map<String, Long> all = counters.computeIfAbsent(namespace, absent -> new HashMap<>());
            all.put(key, backend.set(namespace, key, i));
        }
        reopen();
        counters.forEach((namespace, all) -> assertEquals(all, backend.getAll(namespace)));
    }

    /** Each of many counters is retained. */
    @Test
    public void manyCounters_areRetained() throws Exception {
        Map<String, Long> values = new HashMap<>();
        for (int i = 0; i < manyCounters(); i++) {
            values.put(KEY + i, backend.inc(NAMESPACE, KEY + i, i, 0));
        }
        reopen();
        assertEquals(values, backend.getAll(NAMESPACE));
    }

    /** Every operation applies to retained counters, and its change is retained. */
    @Test
    public void changes_ofEveryKind_areRetained() throws Exception {
        List<String> keys = List.of("inc", "add", "set", "reset", "swap", "untouched");
        keys.forEach(key -> backend.set(NAMESPACE, key, 10));
        reopen();
        assertEquals("continues from the retained value", 15, backend.inc(NAMESPACE, "inc", 5, 1_000));
        backend.add(NAMESPACE, "add", 6);
        backend.set(NAMESPACE, "set", 17);
        backend.reset(NAMESPACE, "reset", 8);
        assertTrue(backend.compareAndSwap(NAMESPACE, "swap", 10, 19).swapped());
        reopen();
        assertEquals(
                Map.of("inc", 15L, "add", 16L, "set", 17L, "reset", 8L, "swap", 19L, "untouched", 10L),
                backend.getAll(NAMESPACE));
    }

    /** Deleted and drained counters are not restored, not even some of them. */
    @Test
    public void removedCounters_areNotRetained() throws Exception {
        for (String namespace : List.of("some", "drained", "deleted")) {
            backend.set(namespace, "one", 1);
            backend.set(namespace, "two", 2);
            backend.set(namespace, "three", 3);
        }
        reopen();
        backend.delete("some", "one");
        backend.delete("some", "two");
        assertEquals("created anew", 105, backend.inc("some", "two", 5, 100));
        assertEquals(Map.of("one", 1L, "two", 2L, "three", 3L), backend.drain("drained"));
        backend.deleteNamespace("deleted");
        backend.set("deleted", "new", 4);
        reopen();
        assertEquals(Map.of("two", 105L, "three", 3L), backend.getAll("some"));
        assertEquals(Map.of(), backend.getAll("drained"));
        assertEquals(Map.of("new", 4L), backend.getAll("deleted"));
        assertEquals("created from its initial value", 11, backend.inc("some", "one", 1, 10));
    }

    /** The description contains every namespace with counters before any other call; the registry reads it first. */
    @Test
    public void info_ofAReturnedBackend_isComplete() throws Exception {
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

    /** A backend without counters has none after it returns. */
    @Test
    public void backendWithoutCounters_returnsEmpty() throws Exception {
        reopen();
        assertAbsent();
        assertEquals(15, backend.inc(NAMESPACE, KEY, 5, 10));
    }

    /** Random calls have the same results and effects as on the model, wherever the backend is reopened. */
    @Test
    public void calls_withReturnsInBetween_equalTheModel() throws Exception {
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
                assertEquals("retained after " + call.text(), RandomCalls.state(model), RandomCalls.state(backend));
            }
        }
    }

    /** The final state of concurrent additions, creations and removals is retained, alongside flushes. */
    @Test
    public void countersOfRacingCallers_areRetained() throws Exception {
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
                        backend.delete(NAMESPACE, "passing " + key);
                        backend.inc(NAMESPACE, "passing " + random.nextInt(KEYS), 1, 0);
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

    /** When {@code flush} has returned, everything done before is retained, whatever happens afterwards. */
    @Test
    public void flush_beforeACrash_retainsWhatWasDone() throws Exception {
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

    /**
     * Each flush retains the changes of its caller, also of counters that another thread is about to write or has
     * changed too.
     */
    @Test
    public void flush_withRacingCallers_retainsWhatWasDone() throws Exception {
        int laps = Math.max(1, repetitions() / 250);
        for (int i = 0; i < 10; i++) { // only a change missed after the last lap is visible
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
