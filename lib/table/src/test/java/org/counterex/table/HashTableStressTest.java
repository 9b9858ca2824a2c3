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
 * What must never be seen while a table grows: a count that is lost or counted twice, a key that is present and not
 * found or not shown, two entries of one key. Few keys come and go, so that entries are used up and the table grows all
 * the time.
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
    public void growth_besideCallers_losesNeitherCountNorKey() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            new Round(seed + i, i % 2 == 0 ? 4 : 24).run();
        }
    }

    @Test
    public void creation_ofManyCountersAtOnce_keepsEach() throws Exception {
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

    /** What one thread does. */
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
        for (Future<Void> called : threads.invokeAll(callers, 60, TimeUnit.SECONDS)) {
            called.get();
        }
    }

    /** One table from its beginning. Even keys stay once they are created, odd ones are removed again and again. */
    private final class Round {
        private final long seed;
        private final HashTable table = new HashTable("namespace");
        private final String[] keys;
        private final Object[] locks;
        private final AtomicLongArray added;
        private final AtomicLongArray taken;
        private final boolean[] created;

        Round(long seed, int counters) {
            this.seed = seed;
            keys = new String[counters];
            locks = new Object[counters];
            added = new AtomicLongArray(counters);
            taken = new AtomicLongArray(counters);
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
                assertAllShown();
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
                taken.addAndGet(key, last.orElse(0));
                created[key] = false;
            }
        }

        /** As for a counter that could not be handed over: another cell takes the place of its own. */
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

        private void assertAllShown() {
            HashSet<String> present = new HashSet<>();
            for (int key = 0; key < keys.length; key += 2) {
                if (Cell.isFastResult(table.get(keys[key]))) {
                    present.add(keys[key]);
                }
            }
            table.forEachKey(present::remove);
            assertTrue(seeded("not shown: " + present), present.isEmpty());
        }

        private void assertExact() {
            List<String> shown = new ArrayList<>();
            table.forEachKey(shown::add);
            assertEquals(seeded("entries " + shown), new HashSet<>(shown).size(), shown.size());
            assertEquals(seeded("entries " + shown), table.size(), shown.size());
            for (int key = 0; key < keys.length; key++) {
                remove(key);
            }
            assertEquals(seeded("counts"), added.toString(), taken.toString());
            assertEquals(0, table.size());
        }

        private String seeded(String what) {
            return what + " of " + Arrays.toString(keys) + " [counterex.seed=" + seed + "]";
        }
    }
}
