package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.Counter;
import org.counterex.api.CounterException;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.NoBackendException;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.backend.table.AdditionBuffer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.placement.SharedStore;
import org.counterex.tck.Seed;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Additions to cells of a backend that buffers writes: each is counted once, wherever its counter moves. */
public class BufferedAdditionsTest {

    private static final int KEYS = 4;
    private static final int ADDERS = 2;
    private static final long TIMEOUT_S = 60;
    private static final long PAUSE_NS = 200_000;

    @Rule
    public final Seed seed = new Seed();

    private final PlainBackend server = new PlainBackend();
    private final List<Runtime> runtimes = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong drained = new AtomicLong();
    private volatile boolean done;

    /** One of several registries that share the server. */
    private final class Runtime {
        private final TestRegistry registry;
        private final BackendHandle table;
        private final Namespace namespace;
        private volatile BufferingBackend backend;
        private BackendHandle shared;

        Runtime(long callTimeoutMs) {
            registry = new TestRegistry(callTimeoutMs, 0);
            table = registry.bind(new MapBackend("table"), "ets");
            start(Map.of());
            namespace = registry.namespace("ns");
            namespace.inc("k"); // places the namespace
            namespace.delete("k");
            runtimes.add(this);
        }

        private void start(Map<String, Long> pending) {
            bind(new BufferingBackend(server, pending));
        }

        private void bind(BufferingBackend next) {
            backend = next;
            shared = registry.bind(next, "server", CounterBackend.RETENTION, CounterBackend.RETENTION_SHARED);
        }

        /** Replaces the backend by a new one, which takes over the unsent additions. */
        void restart() {
            registry.unbind(shared);
            Map<String, Long> pending = backend.stop();
            LockSupport.parkNanos(PAUSE_NS);
            start(pending);
        }

        void swap(BackendHandle target) {
            try {
                registry.swap("ns", target);
            } catch (MoveRefusedException e) {
                assertFalse(e.getMessage(), e.getMessage().isEmpty()); // the server is unreachable
            }
        }

        void drain() {
            try {
                namespace.drain().values().forEach(drained::addAndGet);
            } catch (BackendUnavailableException e) {
                assertFalse(e.mayHaveBeenApplied());
            }
        }

        /** Adds in every way, continuously, until the test is done or the registry stops. */
        void add(Random random) {
            Counter[] handles = new Counter[KEYS];
            for (int k = 0; k < KEYS; k++) {
                handles[k] = namespace.counter("k" + k);
            }
            while (!done) {
                int k = random.nextInt(KEYS);
                int operation = random.nextInt(100);
                try {
                    if (operation == 0) {
                        handles[k].inc();
                    } else if (operation < 30) {
                        namespace.add("k" + k, 1);
                    } else {
                        handles[k].add(1);
                    }
                    acknowledged.incrementAndGet();
                } catch (BackendUnavailableException e) {
                    assertFalse(e.toString(), e.mayHaveBeenApplied());
                } catch (NoBackendException e) {
                    return;
                }
            }
        }
    }

    private final Runtime here = new Runtime(5_000);

    @After
    public void close() {
        done = true;
        server.recover();
        threads.shutdownNow();
        runtimes.forEach(runtime -> runtime.registry.close());
    }

    private List<Future<?>> adders(Runtime runtime) {
        List<Future<?>> adders = new ArrayList<>();
        for (int i = 0; i < ADDERS; i++) {
            Random random = seed.random(10 * runtimes.size() + i);
            adders.add(threads.submit(() -> runtime.add(random)));
        }
        return adders;
    }

    /** Periodically flushes the backend of a runtime. */
    private Future<?> flusher(Runtime runtime) {
        return threads.submit(() -> {
            while (!done) {
                runtime.backend.flushIfPossible();
                LockSupport.parkNanos(PAUSE_NS);
            }
        });
    }

    private static void await(List<Future<?>> futures) throws Exception {
        for (Future<?> future : futures) {
            future.get(TIMEOUT_S, TimeUnit.SECONDS);
        }
    }

    private long sum() {
        long sum = drained.get();
        for (Runtime runtime : runtimes) {
            runtime.registry.reconcile();
            runtime.backend.flush("ns");
            if (runtime.registry.storeOf("ns").equals("ets/ets")) {
                sum += runtime.namespace.getAll().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
            }
        }
        return sum
                + server.contents("ns").values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
    }

    /** Returns a handle of the counter {@code k}, which has the value 1 and an open cell in the shared backend. */
    private Counter handleWithOpenCell() {
        here.swap(here.shared);
        Counter handle = here.namespace.counter("k");
        handle.add(1);
        assertNotNull(here.namespace.additionCell("k"));
        return handle;
    }

    @Test
    public void additions_afterTheFirst_bypassTheBackend() {
        Counter handle = handleWithOpenCell();
        long calls = here.backend.addCalls.get();
        for (int i = 0; i < 100; i++) {
            handle.add(1);
            here.namespace.add("k", 1);
        }
        assertEquals(calls, here.backend.addCalls.get());
        assertEquals(Map.of(), server.contents("ns"));
        assertEquals(201, handle.get().getAsLong());
        assertEquals(Map.of("k", 201L), server.contents("ns"));
    }

    /** A cell has a part of the value only: calls that require the value use that of the server. */
    @Test
    public void callsRequiringValue_withOpenCells_seeAllAdditions() {
        server.addDirectly("ns", "k", 1_000);
        Counter handle = handleWithOpenCell();
        handle.add(1);
        assertEquals(1_003, handle.inc());
        handle.add(1);
        assertEquals(1_004, handle.get().getAsLong());
        handle.add(1);
        assertEquals(1_006, here.namespace.inc("k"));
        handle.add(1);
        assertEquals(Map.of("k", 1_007L), here.namespace.getAll());
        handle.add(1);
        assertTrue(handle.compareAndSwap(1_008, 5).swapped());
        handle.add(1);
        assertEquals(Map.of("k", 6L), here.namespace.drain());
        handle.add(1);
        assertEquals(1, here.namespace.get("k").getAsLong());
    }

    @Test
    public void openCells_duringRoundTrip_areSealedAndReopened() {
        Counter handle = handleWithOpenCell();
        LongCell before = here.namespace.additionCell("k");
        before.add(1);
        here.swap(here.table);
        assertTrue(Cell.isSealed(before.add(1)));
        assertNull(here.namespace.additionCell("k"));
        handle.add(1);
        assertEquals(Map.of("k", 3L), here.namespace.getAll());
        here.swap(here.shared);
        handle.add(1);
        handle.add(1);
        assertNotNull(here.namespace.additionCell("k"));
        assertEquals(5, handle.get().getAsLong());
    }

    @Test
    public void openCells_onUnbindOrStop_areSealed() {
        Counter handle = handleWithOpenCell();
        LongCell before = here.namespace.additionCell("k");
        here.registry.unbind(here.shared);
        assertTrue(Cell.isSealed(before.add(1)));
        handle.add(1);
        assertEquals("server/server (detached)", here.registry.storeOf("ns"));
        here.start(here.backend.stop());
        here.swap(here.shared);
        handle.add(1);
        LongCell next = here.namespace.additionCell("k");
        here.registry.stop();
        assertTrue(Cell.isSealed(next.add(1)));
        assertThrows(NoBackendException.class, () -> handle.add(1));
        here.backend.flush("ns");
        assertEquals(Map.of("k", 3L), server.contents("ns"));
    }

    /**
     * Not even through a buffer obtained before the move: neither while keys are listed nor while counters are taken.
     */
    @Test
    public void openCells_duringTransfer_areHidden() {
        handleWithOpenCell();
        AdditionBuffer buffer = ((SharedStore) here.namespace.placement().active()).additions();
        assertNotNull(buffer.find("k"));
        List<String> calls = new ArrayList<>();
        List<String> late = new ArrayList<>();
        server.before = (operation, key) -> {
            if (operation.equals("getAll") || operation.equals("take")) {
                here.backend.add("ns", "other", 1);
                calls.add(operation);
                if (buffer.find("other") != null) {
                    late.add(operation);
                }
            }
        };
        here.swap(here.table);
        server.recover();
        assertTrue(calls.toString(), calls.containsAll(List.of("getAll", "take")));
        assertEquals(List.of(), late);
    }

    /** Cells that the backend creates after its buffer was closed are for its own calls only. */
    @Test
    public void closedBuffer_forLaterCells_returnsNull() {
        handleWithOpenCell();
        AdditionBuffer buffer = here.backend.additionBuffer("ns");
        here.backend.add("ns", "other", 1);
        LongCell found = buffer.find("other");
        assertFalse(Cell.isSealed(found.add(1)));
        buffer.close();
        assertTrue(Cell.isSealed(found.add(1)));
        here.backend.add("ns", "k", 1);
        here.backend.add("ns", "other", 1);
        here.backend.add("ns", "new", 1);
        for (String key : List.of("k", "other", "new")) {
            assertNull(buffer.find(key));
            assertTrue(Cell.isSealed(buffer.add(key, 1)));
            assertNotNull(here.backend.additionBuffer("ns").find(key));
        }
    }

    /** A cell is sealed when its sum is full, whatever the order of the additions. */
    @Test
    public void addition_exceedingCell_isCountedAndCellSealed() {
        for (boolean byName : new boolean[] {true, false}) {
            Counter handle = handleWithOpenCell();
            LongCell full = here.namespace.additionCell("k");
            full.init((1L << 61) - 2);
            for (int i = 0; i < 4; i++) {
                if (byName) {
                    here.namespace.add("k", 1);
                } else {
                    handle.add(1);
                }
            }
            assertTrue(Cell.isSealed(full.get()));
            assertEquals((1L << 61) + 2, handle.get().getAsLong());
            handle.delete();
        }
    }

    @Test
    public void moveAway_withHangingAdditions_isRefused() throws Exception {
        Runtime impatient = new Runtime(200);
        CountDownLatch blocked = new CountDownLatch(1);
        impatient.registry.unbind(impatient.shared);
        impatient.bind(new BufferingBackend(server, Map.of()) {
            @Override
            void sealAll() {
                if (Thread.currentThread().getName().equals("counterex-backend-call") && isClosing()) {
                    try {
                        blocked.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                super.sealAll();
            }

            private boolean isClosing() {
                return StackWalker.getInstance()
                        .walk(frames ->
                                frames.anyMatch(frame -> frame.getClassName().equals(AdditionBuffer.class.getName())));
            }
        });
        impatient.swap(impatient.shared);
        Counter handle = impatient.namespace.counter("k");
        handle.add(1);
        handle.add(1);
        assertThrows(MoveRefusedException.class, () -> impatient.registry.swap("ns", impatient.table));
        assertEquals(MoveDTO.Outcome.REFUSED, impatient.registry.lastMove().outcome);
        String reason = impatient.registry.lastMove().reason;
        assertTrue(reason, reason.contains("timed out closing the addition buffer: backend=server/server"));
        handle.add(1);
        assertEquals("server/server", impatient.registry.storeOf("ns"));
        impatient.registry.unbind(impatient.shared);
        assertEquals("server/server (detached)", impatient.registry.storeOf("ns"));
        blocked.countDown();
        impatient.backend.stop();
        handle.add(1);
        impatient.start(Map.of());
        assertEquals(4, handle.get().getAsLong());
    }

    /** Without another client, no addition reaches the server after its counters were taken. */
    @Test
    public void additions_duringMoveAway_neverFollowTheTransfer() throws Exception {
        List<Future<?>> running = adders(here);
        running.add(flusher(here));
        Random random = seed.random(0);
        for (int i = 0; i < seed.rounds(200); i++) {
            here.swap(here.shared);
            LockSupport.parkNanos(random.nextInt(5 * (int) PAUSE_NS));
            here.swap(here.table);
            here.backend.flush("ns");
            assertEquals("round " + i, Map.of(), server.contents("ns"));
        }
        done = true;
        await(running);
        here.backend.flush("ns");
        assertEquals(Map.of(), server.contents("ns"));
        assertEquals(acknowledged.get(), sum());
    }

    /** Two runtimes on one server: moves in and out, drains, an unreachable server, backends that stop and start. */
    @Test
    public void additions_underFaultsAndMoves_areCountedOnce() throws Exception {
        Runtime there = new Runtime(5_000);
        List<Future<?>> running = new ArrayList<>();
        for (Runtime runtime : runtimes) {
            running.add(flusher(runtime));
            running.addAll(adders(runtime));
        }
        Random random = seed.random(0);
        for (int i = 0; i < seed.rounds(600); i++) {
            Runtime runtime = random.nextBoolean() ? here : there;
            switch (random.nextInt(10)) {
                case 0 -> runtime.restart();
                case 1 -> server.before = unreachable();
                case 2 -> server.before = PlainBackend.Fault.occasionalDelay();
                case 3, 4 -> runtime.drain();
                case 5, 6 -> runtime.swap(runtime.table);
                default -> runtime.swap(runtime.shared);
            }
            LockSupport.parkNanos(random.nextInt((int) PAUSE_NS));
        }
        server.recover();
        done = true;
        await(running);
        long sum = sum();
        assertEquals(seed + " difference=" + (sum - acknowledged.get()), acknowledged.get(), sum);
    }

    private static PlainBackend.Fault unreachable() {
        return PlainBackend.Fault.throwing(
                () -> BackendUnavailableException.notApplied("server is unreachable", "ns"),
                "inc",
                "get",
                "take",
                "merge",
                "flush",
                "getAll");
    }

    /** An addition that returned is counted; an addition that was rejected is not. */
    @Test
    public void additions_duringStop_areCountedOrRejected() throws Exception {
        for (int i = 0; i < seed.rounds(20); i++) {
            Runtime runtime = new Runtime(5_000);
            runtime.swap(runtime.shared);
            List<Future<?>> running = adders(runtime);
            LockSupport.parkNanos(10 * PAUSE_NS);
            runtime.registry.stop();
            await(running);
            try {
                runtime.backend.flush("ns");
            } catch (CounterException e) {
                throw new AssertionError(e);
            }
            assertEquals(
                    acknowledged.get(),
                    server.contents("ns").values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
    }
}
