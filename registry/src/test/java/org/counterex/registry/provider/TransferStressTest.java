package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.counterex.api.CasResult;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.registry.provider.backend.BackendHandle;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Writers count by name and by handle while their namespace moves continuously: no count may be lost or duplicated. */
public class TransferStressTest {

    private static final int WRITERS = 3;
    private static final int MOVES = 500;

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final List<BackendHandle> backends = List.of(
            registry.bind(new MapBackend("a"), "ets"),
            registry.bind(new MapBackend("b"), "b"),
            registry.bind(new MapBackend("c"), "c"));
    private final long seed = System.nanoTime();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean done = new AtomicBoolean();

    @After
    public void close() {
        threads.shutdownNow();
    }

    /** I2: N calls of inc on a new counter return exactly 1..N, from any threads and across moves. */
    @Test
    public void inc_duringMoves_returnsEachValueOnce() throws Exception {
        CounterNamespace namespace = registry.namespace("ns");
        int keys = 7;
        List<Future<long[][]>> results = new ArrayList<>();
        for (int t = 0; t < WRITERS; t++) {
            Random random = new Random(seed + t);
            results.add(threads.submit(() -> {
                Counter[] handles = new Counter[keys];
                for (int k = 0; k < keys; k++) {
                    handles[k] = namespace.counter("k" + k);
                }
                long[][] seen = new long[keys][1024];
                int[] count = new int[keys];
                while (!done.get()) {
                    int k = random.nextInt(keys);
                    long value = random.nextBoolean() ? handles[k].inc() : namespace.inc("k" + k);
                    if (count[k] == seen[k].length) {
                        seen[k] = Arrays.copyOf(seen[k], 2 * count[k]);
                    }
                    seen[k][count[k]++] = value;
                }
                for (int k = 0; k < keys; k++) {
                    seen[k] = Arrays.copyOf(seen[k], count[k]);
                }
                return seen;
            }));
        }
        moveAround();
        long[][] all = new long[keys][0];
        for (Future<long[][]> result : results) {
            long[][] seen = result.get(10, TimeUnit.SECONDS);
            for (int k = 0; k < keys; k++) {
                int before = all[k].length;
                all[k] = Arrays.copyOf(all[k], before + seen[k].length);
                System.arraycopy(seen[k], 0, all[k], before, seen[k].length);
            }
        }
        for (int k = 0; k < keys; k++) {
            Arrays.sort(all[k]);
            for (int i = 0; i < all[k].length; i++) {
                assertEquals("key k" + k + " seed " + seed, i + 1, all[k][i]);
            }
        }
    }

    /** I1 and the contract of drain: each addition is part of exactly one drain, or still in its counter. */
    @Test
    public void drainsAndDeletes_duringMoves_takeEachAdditionOnce() throws Exception {
        CounterNamespace namespace = registry.namespace("ns");
        LongAdder added = new LongAdder();
        LongAdder drained = new LongAdder();
        List<Future<?>> results = new ArrayList<>();
        for (int t = 0; t < WRITERS; t++) {
            Random random = new Random(seed + t);
            results.add(threads.submit(() -> {
                while (!done.get()) {
                    String key = "k" + random.nextInt(40);
                    switch (random.nextInt(4)) {
                        case 0 -> namespace.inc(key, 3);
                        case 1 -> namespace.add(key, 3);
                        case 2 -> namespace.counter(key).inc(3, 0);
                        default -> addByCompareAndSwap(namespace, key, 3);
                    }
                    added.add(3);
                }
            }));
        }
        results.add(threads.submit(() -> {
            while (!done.get()) {
                namespace.drain().values().forEach(drained::add);
            }
        }));
        moveAround();
        for (Future<?> result : results) {
            result.get(10, TimeUnit.SECONDS);
        }
        namespace.drain().values().forEach(drained::add);
        assertEquals("seed " + seed, added.sum(), drained.sum());
    }

    /**
     * A counter that exists throughout a call of getAll is in its result once, with a value that it had during the
     * call.
     */
    @Test
    public void getAll_duringMoves_showsEveryCounter() throws Exception {
        CounterNamespace namespace = registry.namespace("ns");
        int keys = 100;
        for (int k = 0; k < keys; k++) {
            namespace.set("k" + k, 0);
        }
        List<Future<?>> results = new ArrayList<>();
        results.add(threads.submit(() -> {
            Random random = new Random(seed);
            while (!done.get()) {
                namespace.inc("k" + random.nextInt(keys));
            }
        }));
        results.add(threads.submit((Callable<Void>) () -> {
            Map<String, Long> before = namespace.getAll();
            while (!done.get()) {
                Map<String, Long> all = namespace.getAll();
                assertEquals("seed " + seed, keys, all.size());
                for (Map.Entry<String, Long> entry : all.entrySet()) {
                    assertTrue(
                            "decreased: " + entry.getKey() + " seed " + seed,
                            entry.getValue() >= before.get(entry.getKey()));
                }
                before = all;
            }
            return null;
        }));
        moveAround();
        for (Future<?> result : results) {
            result.get(10, TimeUnit.SECONDS);
        }
    }

    /**
     * A counter that is never deleted is never seen as absent: a look-up that misses in a table while the namespace
     * moves must be repeated. The value is wide, so that every call looks the cell up.
     */
    @Test
    public void get_duringMoves_findsTheCounter() throws Exception {
        CounterNamespace namespace = registry.namespace("ns");
        long wide = Long.MAX_VALUE - 1;
        namespace.set("k", wide);
        List<Future<?>> results = new ArrayList<>();
        for (int t = 0; t < WRITERS; t++) {
            results.add(threads.submit((Callable<Void>) () -> {
                while (!done.get()) {
                    assertEquals(wide, namespace.get("k").orElse(-1));
                    CasResult result = namespace.compareAndSwap("k", 5, 6);
                    assertEquals(new CasResult(false, wide), result);
                }
                return null;
            }));
        }
        moveAround();
        for (Future<?> result : results) {
            result.get(10, TimeUnit.SECONDS);
        }
    }

    private static void addByCompareAndSwap(CounterNamespace namespace, String key, long step) {
        long expected = namespace.get(key).orElse(0);
        CasResult result;
        while (!(result = namespace.compareAndSwap(key, expected, expected + step)).swapped()) {
            expected = result.value();
        }
    }

    private void moveAround() {
        for (int i = 1; i <= MOVES; i++) {
            registry.swap("ns", backends.get(i % backends.size()));
        }
        done.set(true);
    }
}
