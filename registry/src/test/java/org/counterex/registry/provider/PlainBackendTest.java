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
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.counterex.api.CasResult;
import org.counterex.api.CounterNamespace;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.backend.table.Cell;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.LockIndex;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Moves between tables and backends without tables, under concurrent writers. */
public class PlainBackendTest {

    private static final long RUN_MS = 1_000;

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final PlainBackend first = new PlainBackend();
    private final PlainBackend second = new PlainBackend();
    private final BackendHandle table = registry.bind(new MapBackend("table"), "ets");
    private final BackendHandle plain = registry.bind(first, "plain");
    private final BackendHandle other = registry.bind(second, "other");
    private final List<BackendHandle> targets = List.of(plain, other, table, plain, table, other);
    private final CounterNamespace namespace = registry.namespace("ns");
    private final long seed = System.nanoTime();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean done = new AtomicBoolean();

    @After
    public void close() {
        threads.shutdownNow();
    }

    @Test
    public void operations_onPlainBackend_areExact() {
        namespace.set("k", 1);
        registry.swap("ns", plain);
        assertEquals(3, namespace.inc("k", 2));
        assertEquals(17, namespace.inc("new", 7, 10));
        namespace.add("k", 1);
        assertEquals(4, namespace.get("k").getAsLong());
        assertEquals(new CasResult(false, 4), namespace.compareAndSwap("k", 5, 6));
        assertEquals(new CasResult(true, 6), namespace.compareAndSwap("k", 4, 6));
        assertEquals(new CasResult(false, 0), namespace.compareAndSwap("none", 1, 2));
        assertEquals(9, namespace.reset("k", 9));
        assertEquals(Map.of("k", 9L, "new", 17L), namespace.getAll());
        namespace.delete("new");
        assertEquals(Map.of("k", 9L), namespace.drain());
        assertTrue(namespace.getAll().isEmpty());
        assertTrue(first.contents("ns").isEmpty());
    }

    /** An addition to a cell that is sealed before its value is read has been applied, and must not be rejected. */
    @Test
    public void addition_appliedBeforeSeal_isNeverRejected() {
        registry.namespace("ns").set("k", 5);
        registry.swap("ns", plain);
        assertEquals(5, registry.namespace("ns").incSlow("k", 1, 0, Cell.APPLIED_UNREAD));
        registry.stop();
        assertEquals(0, registry.namespace("ns").incSlow("k", 1, 0, Cell.APPLIED_UNREAD));
    }

    @Test
    public void bind_withEmptyNamespace_isNoMove() {
        namespace.inc("k");
        PlainBackend empty = new PlainBackend();
        empty.set("ns", "k", 1);
        empty.delete("ns", "k");
        registry.bind(empty, "empty");
        assertEquals(List.of(), registry.moveLog.moves());
        assertEquals(Map.of("k", 1L), namespace.getAll());
    }

    @Test
    public void move_throughPlainBackends_isCompleteAndRecorded() {
        namespace.set("a", Long.MAX_VALUE);
        namespace.set("b", Long.MAX_VALUE);
        namespace.set("c", -Long.MAX_VALUE);
        Map<String, Long> all = namespace.getAll();
        for (BackendHandle target : List.of(plain, other, table, plain, table)) {
            MoveDTO move = registry.swap("ns", target);
            assertEquals(MoveDTO.Outcome.MOVED, move.outcome);
            assertEquals(3, move.counters);
            assertEquals(Long.toString(Long.MAX_VALUE), move.sum);
            assertEquals(all, namespace.getAll());
            assertEquals(target == plain ? all : Map.of(), first.contents("ns"));
        }
    }

    @Test
    public void writers_duringMoves_loseNothing() throws Exception {
        try (Writers writers = new Writers(namespace, 3, 20)) {
            moveAround();
            writers.stopAndCheck();
        }
    }

    /** Stronger than the contract: inc of a backend without tables stays atomic across moves, if it is atomic there. */
    @Test
    public void inc_duringMoves_returnsEachValueOnce() throws Exception {
        List<Future<long[]>> writers = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            writers.add(threads.submit(() -> {
                LongStream.Builder seen = LongStream.builder();
                while (!done.get()) {
                    seen.add(namespace.inc("k"));
                }
                return seen.build().toArray();
            }));
        }
        moveAround();
        long[] all = new long[0];
        for (Future<long[]> writer : writers) {
            long[] seen = writer.get(10, TimeUnit.SECONDS);
            all = LongStream.concat(Arrays.stream(all), Arrays.stream(seen)).toArray();
        }
        Arrays.sort(all);
        for (int i = 0; i < all.length; i++) {
            assertEquals("inc number " + i, i + 1, all[i]);
        }
    }

    /** Callers wait for a key lock while a move begins: when they acquire it, the counter may have been transferred. */
    @Test
    public void callers_waitingForLockAtMove_countOnce() throws Exception {
        namespace.inc("k");
        long count = 1;
        String neighbour = Stream.iterate(0, i -> i + 1)
                .map(i -> "neighbour" + i)
                .filter(key -> LockIndex.of(key) == LockIndex.of("k"))
                .findFirst()
                .get();
        for (int round = 0; round < 40; round++) {
            registry.swap("ns", plain);
            Hang hang = Hang.in("delete");
            first.before = (operation, key) -> {
                hang.inject(operation, key);
                if (operation.equals("get")) {
                    LockSupport.parkNanos(200_000);
                }
            };
            namespace.inc(neighbour);
            Future<?> deleting = threads.submit(() -> namespace.delete(neighbour));
            hang.awaitCall();
            List<Future<?>> waiting = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                waiting.add(threads.submit(() -> namespace.inc("k")));
            }
            Future<?> swap = threads.submit(() -> registry.swap("ns", table));
            while (!registry.namespace("ns").placement().frozen()) {
                Thread.onSpinWait();
            }
            hang.release();
            count += waiting.size();
            for (Future<?> call : waiting) {
                call.get(20, TimeUnit.SECONDS);
            }
            swap.get(20, TimeUnit.SECONDS);
            deleting.get(20, TimeUnit.SECONDS);
            assertEquals(count, namespace.get("k").getAsLong());
        }
    }

    /** Each addition is part of exactly one drain, or still in its counter. */
    @Test
    public void drains_duringMoves_takeEachAdditionOnce() throws Exception {
        LongAdder added = new LongAdder();
        LongAdder drained = new LongAdder();
        List<Future<?>> running = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            Random random = new Random(seed + t);
            running.add(threads.submit(() -> {
                while (!done.get()) {
                    namespace.add("k" + random.nextInt(30), 3);
                    added.add(3);
                }
            }));
        }
        running.add(threads.submit(() -> {
            while (!done.get()) {
                namespace.drain().values().forEach(drained::add);
            }
        }));
        moveAround();
        for (Future<?> thread : running) {
            thread.get(10, TimeUnit.SECONDS);
        }
        namespace.drain().values().forEach(drained::add);
        assertEquals("seed " + seed, added.sum(), drained.sum());
        assertTrue(first.contents("ns").isEmpty() && second.contents("ns").isEmpty());
    }

    @Test
    public void getAll_duringMoves_showsEveryCounter() throws Exception {
        int keys = 50;
        for (int k = 0; k < keys; k++) {
            namespace.set("k" + k, k);
        }
        namespace.set("first", 0);
        Future<Void> reader = threads.submit((Callable<Void>) () -> {
            while (!done.get()) {
                Map<String, Long> all = namespace.getAll();
                assertEquals(0L, all.remove("first").longValue());
                assertEquals(keys, all.size());
                all.forEach((key, value) -> assertEquals(key, "k" + value));
            }
            return null;
        });
        moveAround();
        reader.get(10, TimeUnit.SECONDS);
    }

    private void moveAround() {
        first.before = PlainBackend.Fault.occasionalDelay();
        second.after = PlainBackend.Fault.occasionalDelay();
        namespace.add("first", 0);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RUN_MS);
        int moves = 0;
        while (System.nanoTime() - end < 0) {
            MoveDTO move = registry.swap("ns", targets.get(moves++ % targets.size()));
            assertEquals(move.reason, MoveDTO.Outcome.MOVED, move.outcome);
        }
        done.set(true);
        assertTrue("too few moves: " + moves, moves > 20);
    }
}
