package org.counterex.table;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellUpdate;
import org.junit.After;
import org.junit.Test;

/**
 * Concurrent calls on a growing table. Forbidden outcomes: an addition that is lost or applied twice, a present key
 * that a look-up or iteration misses, two entries of one key. A few keys are created and removed repeatedly, which uses
 * up entries, so that the table grows all the time.
 */
public class HashTableStressTest {

    private static final int THREADS = 4;
    private static final int ROUNDS = 200;
    private static final int CALLS = 2_000;

    private final long seed = Long.getLong("counterex.seed", System.nanoTime());
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @After
    public void stop() {
        threads.shutdownNow();
    }

    @Test
    public void growth_withConcurrentCalls_losesNothing() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            new Round(seed + i, i % 2 == 0 ? 4 : 24).run();
        }
    }

    @Test
    public void creation_byManyThreads_keepsEveryCounter() throws Exception {
        for (int round = 0; round < 20; round++) {
            HashTable table = new HashTable("namespace");
            run(number -> {
                for (int i = 0; i < 10_000; i++) {
                    String key = number + "-" + i;
                    table.apply(key, new CellUpdate.Add(i, 0));
                    assertEquals(key, i + 1, table.apply(key, new CellUpdate.Add(1, 0)));
                }
            });
            assertEquals(THREADS * 10_000, table.size());
            for (int i = 0; i < THREADS * 10_000; i++) {
                assertEquals(i / THREADS + 1, table.get(i % THREADS + "-" + i / THREADS));
            }
        }
    }

    /** The calls of one thread. */
    private interface Caller {
        void run(int number) throws Exception;
    }

    private void run(Caller caller) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Callable<Void>> callers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            callers.add(() -> {
                start.await();
                caller.run(number);
                return null;
            });
        }
        for (Future<Void> result : threads.invokeAll(callers, 60, TimeUnit.SECONDS)) {
            result.get();
        }
    }

    /** One table from its creation on. Even keys stay once created, odd ones are removed repeatedly. */
    private final class Round {
        private final long seed;
        private final HashTable table = new HashTable("namespace");
        private final String[] keys;
        private final Object[] locks;
        private final AtomicLongArray added;
        private final AtomicLongArray removed;
        private final boolean[] created;

        Round(long seed, int counters) {
            this.seed = seed;
            keys = new String[counters];
            locks = new Object[counters];
            added = new AtomicLongArray(counters);
            removed = new AtomicLongArray(counters);
            created = new boolean[counters];
            Random random = new Random(seed);
            for (int i = 0; i < counters; i++) {
                keys[i] = Integer.toString(random.nextInt(40_000) * counters + i, 36);
                locks[i] = new Object();
            }
        }

        void run() throws Exception {
            HashTableStressTest.this.run(number -> {
                Random random = new Random(seed + number);
                for (int call = 0; call < CALLS; call++) {
                    call(random);
                }
            });
            assertExact();
        }

        private void call(Random random) {
            int key = random.nextInt(keys.length);
            int kind = random.nextInt(100);
            if (kind < 30) {
                int step = random.nextInt(1000);
                inc(key, step);
                added.addAndGet(key, step);
            } else if (kind < 60) {
                remove(key | 1);
            } else if (kind < 99) {
                replace(key);
            } else {
                assertAllListed();
            }
        }

        private void inc(int key, int step) {
            if (!Cell.isFastResult(table.inc(keys[key], step))) {
                synchronized (locks[key]) {
                    assertEquals(seeded("counter " + key), created[key], found(key));
                    table.apply(keys[key], new CellUpdate.Add(step, 0));
                    created[key] = true;
                }
            }
        }

        private void remove(int key) {
            synchronized (locks[key]) {
                OptionalLong last = table.remove(keys[key]);
                assertEquals(seeded("counter " + key), created[key], last.isPresent());
                removed.addAndGet(key, last.orElse(0));
                created[key] = false;
            }
        }

        /** Replaces the cell of a counter, as after a failed transfer. */
        private void replace(int key) {
            synchronized (locks[key]) {
                assertEquals(seeded("counter " + key), created[key], found(key));
                if (created[key]) {
                    Cell cell = table.find(keys[key]);
                    table.restore(keys[key], cell, cell.seal());
                }
            }
        }

        private boolean found(int key) {
            Cell cell = table.find(keys[key]);
            return cell != null && cell.get() != Cell.SEALED;
        }

        private void assertAllListed() {
            HashSet<String> present = new HashSet<>();
            for (int key = 0; key < keys.length; key += 2) {
                if (Cell.isFastResult(table.get(keys[key]))) {
                    present.add(keys[key]);
                }
            }
            table.forEachKey(present::remove);
            assertTrue(seeded("not listed: " + present), present.isEmpty());
        }

        private void assertExact() {
            List<String> listed = new ArrayList<>();
            table.forEachKey(listed::add);
            assertEquals(seeded("entries " + listed), new HashSet<>(listed).size(), listed.size());
            assertEquals(seeded("entries " + listed), table.size(), listed.size());
            for (int key = 0; key < keys.length; key++) {
                remove(key);
            }
            assertEquals(seeded("counts"), added.toString(), removed.toString());
            assertEquals(0, table.size());
        }

        private String seeded(String what) {
            return what + " of " + Arrays.toString(keys) + " [counterex.seed=" + seed + "]";
        }
    }
}
