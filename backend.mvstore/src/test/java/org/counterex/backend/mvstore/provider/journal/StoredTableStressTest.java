package org.counterex.backend.mvstore.provider.journal;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.backend.mvstore.provider.MvstoreBackend;
import org.counterex.backend.mvstore.provider.TestFolder;
import org.counterex.tck.Seed;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/**
 * Callers count, create and remove while the journal writes without a pause: the values in the file afterwards must be
 * the last values of the tables. Each thread behaves like callers of the registry: it adds without a lock, and does
 * everything else under the lock of the key.
 */
public class StoredTableStressTest {

    private static final int THREADS = 3;
    private static final int CALLS = 20_000;
    private static final int STRIPES = 8;
    private static final String NAMESPACE = "ns";

    @Rule
    public final Seed seed = new Seed();

    private final TestFolder disk;
    private final Object[] locks = new Object[STRIPES];
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private MvstoreBackend backend;
    private volatile CellTable source;
    private volatile CellTable current;

    public StoredTableStressTest() throws Exception {
        disk = new TestFolder();
        for (int i = 0; i < STRIPES; i++) {
            locks[i] = new Object();
        }
    }

    @After
    public void close() throws Exception {
        threads.shutdownNow();
        backend.close();
        disk.close();
    }

    /** So few keys that all threads and the journal contend for them. */
    @Test
    public void fewCounters_fileHasLastValues() throws Exception {
        countAndCompare(3, 0, false);
    }

    /** So many keys that each is seldom written. */
    @Test
    public void manyCounters_fileHasLastValues() throws Exception {
        countAndCompare(3_000, 0, false);
    }

    /** Values at the border between the two kinds of cell, so that cells are replaced all the time. */
    @Test
    public void replacedCells_fileHasLastValues() throws Exception {
        countAndCompare(3, 1L << 60, false);
    }

    /** Transfers from table to table of the same file, as when a namespace moves within its backend. */
    @Test
    public void movingCounters_fileHasLastValues() throws Exception {
        countAndCompare(40, 1L << 60, true);
    }

    /** In bursts, since the last change before a pause is the one that could be missed for good. */
    @Test
    public void changes_ofRacingCallers_areAllReported() throws Exception {
        backend = disk.open();
        backend.takeTables();
        StoredTable table = (StoredTable) backend.create(NAMESPACE);
        current = table;
        Map<String, Long> reported = new HashMap<>();
        CyclicBarrier together = new CyclicBarrier(THREADS + 1);
        int bursts = seed.rounds(3_000);
        List<Future<?>> running = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            Random random = seed.random(t);
            running.add(threads.submit((Callable<Void>) () -> {
                for (int burst = 0; burst < bursts; burst++) {
                    together.await();
                    for (int i = random.nextInt(20); i >= 0; i--) {
                        call(random, "k" + random.nextInt(3), burst % 2 == 0 ? 0 : 1L << 60);
                    }
                    together.await();
                }
                return null;
            }));
        }
        for (int burst = 0; burst < bursts; burst++) {
            together.await();
            while (together.getNumberWaiting() < THREADS) {
                table.takeChanges((key, value, removed) -> reported.put(key, value));
            }
            table.takeChanges((key, value, removed) -> reported.put(key, value));
            reported.values().removeIf(Objects::isNull);
            assertEquals("burst " + burst, last(), reported);
            together.await();
        }
        for (Future<?> thread : running) {
            thread.get(20, TimeUnit.SECONDS);
        }
    }

    private void countAndCompare(int keys, long high, boolean moving) throws Exception {
        for (int round = 0; round < seed.rounds(3); round++) {
            backend = disk.open(1, false);
            List<CellTable> found = backend.takeTables();
            current = found.isEmpty() ? backend.create(NAMESPACE) : found.get(0);
            source = null;
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                Random random = seed.random(round * THREADS + t);
                tasks.add(() -> {
                    for (int i = 0; i < CALLS; i++) {
                        call(random, "k" + random.nextInt(keys), high);
                    }
                    return null;
                });
            }
            tasks.add(() -> {
                for (int i = 0; i < 50; i++) {
                    backend.flush(NAMESPACE);
                    if (moving) {
                        move();
                    }
                }
                return null;
            });
            List<Future<Void>> running = new ArrayList<>();
            tasks.forEach(task -> running.add(threads.submit(task)));
            for (Future<Void> task : running) {
                task.get(120, TimeUnit.SECONDS);
            }
            Map<String, Long> last = last();
            backend.close();
            backend = disk.open();
            assertEquals("round " + round, last, backend.getAll(NAMESPACE));
            backend.close();
        }
    }

    /** Returns the values after all callers have returned. */
    private Map<String, Long> last() {
        Map<String, Long> last = new HashMap<>();
        current.forEachKey(key -> {
            Cell cell = current.find(key);
            if (cell != null && cell.get() != Cell.SEALED) {
                last.put(key, cell.get());
            }
        });
        return last;
    }

    private void call(Random random, String key, long high) {
        switch (random.nextInt(40)) {
            case 0 -> locked(key, () -> current.remove(key));
            case 1, 2 -> step(key, new CellUpdate.Put(high + random.nextInt(3) - 1, false));
            case 3, 4 -> step(key, new CellUpdate.Add(random.nextInt(9) - 4, 0));
            default -> {
                if (Cell.isSealed(current.add(key, 1)) && random.nextInt(3) == 0) {
                    step(key, new CellUpdate.Add(1, 0));
                }
            }
        }
    }

    private void step(String key, CellUpdate step) {
        locked(key, () -> current.apply(key, step));
    }

    /** Acts like a namespace under a key lock: transfers the counter to the current table first. */
    private void locked(String key, Runnable action) {
        synchronized (locks[Math.floorMod(key.hashCode(), STRIPES)]) {
            CellTable before = source;
            Cell cell = before == null ? null : before.find(key);
            if (cell != null && cell.get() != Cell.SEALED) {
                current.insert(key, cell);
                before.removeMoved(key, cell);
            }
            action.run();
        }
    }

    private void move() {
        CellTable next = backend.create(NAMESPACE);
        next.reserve(10_000);
        CellTable before = current;
        holdingAll(0, () -> {
            source = before;
            current = next;
        });
        before.forEachKey(key -> locked(key, () -> {}));
        source = null;
        backend.discard(before);
    }

    /** Runs an action while no thread transfers a counter. */
    private void holdingAll(int from, Runnable action) {
        if (from == STRIPES) {
            action.run();
            return;
        }
        synchronized (locks[from]) {
            holdingAll(from + 1, action);
        }
    }
}
