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

/** Additions without a call into the backend that gathers them: each is counted once, wherever its counter goes. */
public class BufferedAdditionsTest {

    private static final int KEYS = 4;
    private static final int ADDERS = 2;
    private static final long LONG_S = 60;
    private static final long PAUSE_NS = 200_000;

    @Rule
    public final Seed seed = new Seed();

    private final PlainBackend place = new PlainBackend();
    private final List<Runtime> runtimes = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong drained = new AtomicLong();
    private volatile boolean enough;

    /** One of those that count at the same place. */
    private final class Runtime {
        private final TestRegistry world;
        private final BackendHandle table;
        private final Namespace namespace;
        private volatile BufferingBackend gathering;
        private BackendHandle shared;

        Runtime(long callTimeoutMs) {
            world = new TestRegistry(callTimeoutMs, 0);
            table = world.bind(new MapBackend("table"), "ets");
            start(Map.of());
            namespace = world.namespace("ns");
            namespace.inc("k"); // where it lives is decided by the first
            namespace.delete("k");
            runtimes.add(this);
        }

        private void start(Map<String, Long> owed) {
            bind(new BufferingBackend(place, owed));
        }

        private void bind(BufferingBackend backend) {
            gathering = backend;
            shared = world.bind(backend, "server", CounterBackend.RETENTION, CounterBackend.RETENTION_SHARED);
        }

        /** The backend stops and another one starts. */
        void restart() {
            world.unbind(shared);
            Map<String, Long> owed = gathering.end();
            LockSupport.parkNanos(PAUSE_NS);
            start(owed);
        }

        void swap(BackendHandle target) {
            try {
                world.swap("ns", target);
            } catch (MoveRefusedException e) {
                assertFalse(e.getMessage(), e.getMessage().isEmpty()); // there is no way to the place
            }
        }

        void drain() {
            try {
                namespace.drain().values().forEach(drained::addAndGet);
            } catch (BackendUnavailableException e) {
                assertFalse(e.mayHaveBeenApplied());
            }
        }

        /** Adds in every way, without a pause; returns when there is enough, or the registry has stopped. */
        void add(Random random) {
            Counter[] handles = new Counter[KEYS];
            for (int k = 0; k < KEYS; k++) {
                handles[k] = namespace.counter("k" + k);
            }
            while (!enough) {
                int k = random.nextInt(KEYS);
                int way = random.nextInt(100);
                try {
                    if (way == 0) {
                        handles[k].inc();
                    } else if (way < 30) {
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
        enough = true;
        place.recover();
        threads.shutdownNow();
        runtimes.forEach(runtime -> runtime.world.close());
    }

    private List<Future<?>> adders(Runtime runtime) {
        List<Future<?>> adders = new ArrayList<>();
        for (int i = 0; i < ADDERS; i++) {
            Random random = seed.random(10 * runtimes.size() + i);
            adders.add(threads.submit(() -> runtime.add(random)));
        }
        return adders;
    }

    /** Sends every so often what a runtime has gathered. */
    private Future<?> flusher(Runtime runtime) {
        return threads.submit(() -> {
            while (!enough) {
                runtime.gathering.flushIfPossible();
                LockSupport.parkNanos(PAUSE_NS);
            }
        });
    }

    private static void await(List<Future<?>> futures) throws Exception {
        for (Future<?> future : futures) {
            future.get(LONG_S, TimeUnit.SECONDS);
        }
    }

    private long sum() {
        long sum = drained.get();
        for (Runtime runtime : runtimes) {
            runtime.world.settle();
            runtime.gathering.flush("ns");
            if (runtime.world.home("ns").equals("ets/ets")) {
                sum += runtime.namespace.getAll().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
            }
        }
        return sum
                + place.held("ns").values().stream().mapToLong(Long::longValue).sum();
    }

    /** One whose counter {@code k} is in the shared place with the value 1, and an open cell for what is added. */
    private Counter handleWithAnOpenCell() {
        here.swap(here.shared);
        Counter handle = here.namespace.counter("k");
        handle.add(1);
        assertNotNull(here.namespace.additionCell("k"));
        return handle;
    }

    @Test
    public void additions_afterTheFirst_callNoBackend() {
        Counter handle = handleWithAnOpenCell();
        long calls = here.gathering.calls.get();
        for (int i = 0; i < 100; i++) {
            handle.add(1);
            here.namespace.add("k", 1);
        }
        assertEquals(calls, here.gathering.calls.get());
        assertEquals(Map.of(), place.held("ns"));
        assertEquals(201, handle.get().getAsLong());
        assertEquals(Map.of("k", 201L), place.held("ns"));
    }

    /** What is in a cell is no value: whoever wants one gets that of the place. */
    @Test
    public void callsThatNeedTheValue_seeItAllBesideOpenCells() {
        place.countBehind("ns", "k", 1_000);
        Counter handle = handleWithAnOpenCell();
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
    public void openCells_areSealedWhenANamespaceMovesAway_andOpenAgainWhenItIsBack() {
        Counter handle = handleWithAnOpenCell();
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
    public void openCells_areSealedWhenTheBackendLeaves_andWhenTheRegistryStops() {
        Counter handle = handleWithAnOpenCell();
        LongCell before = here.namespace.additionCell("k");
        here.world.unbind(here.shared);
        assertTrue(Cell.isSealed(before.add(1)));
        handle.add(1);
        assertEquals("server/server (detached)", here.world.home("ns"));
        here.start(here.gathering.end());
        here.swap(here.shared);
        handle.add(1);
        LongCell next = here.namespace.additionCell("k");
        here.world.mover.stop();
        assertTrue(Cell.isSealed(next.add(1)));
        assertThrows(NoBackendException.class, () -> handle.add(1));
        here.gathering.flush("ns");
        assertEquals(Map.of("k", 3L), place.held("ns"));
    }

    /** Not even to somebody who is late, with what he was shown before: neither when keys are collected nor when they are taken. */
    @Test
    public void openCells_areNotShownAnyMoreWhenCountersAreTaken() {
        handleWithAnOpenCell();
        AdditionBuffer shown = ((SharedStore) here.namespace.placement().active()).additions();
        assertNotNull(shown.find("k"));
        List<String> seen = new ArrayList<>();
        List<String> late = new ArrayList<>();
        place.before = (operation, key) -> {
            if (operation.equals("getAll") || operation.equals("take")) {
                here.gathering.add("ns", "other", 1);
                seen.add(operation);
                if (shown.find("other") != null) {
                    late.add(operation);
                }
            }
        };
        here.swap(here.table);
        place.recover();
        assertTrue(seen.toString(), seen.containsAll(List.of("getAll", "take")));
        assertEquals(List.of(), late);
    }

    /** What the backend makes after it was told that nobody adds any more is for its calls alone. */
    @Test
    public void additionsThatAreClosed_showNoCellThatCameLater() {
        handleWithAnOpenCell();
        AdditionBuffer shown = here.gathering.additionBuffer("ns");
        here.gathering.add("ns", "other", 1);
        LongCell found = shown.find("other");
        assertFalse(Cell.isSealed(found.add(1)));
        shown.close();
        assertTrue(Cell.isSealed(found.add(1)));
        here.gathering.add("ns", "k", 1);
        here.gathering.add("ns", "other", 1);
        here.gathering.add("ns", "new", 1);
        for (String key : List.of("k", "other", "new")) {
            assertNull(shown.find(key));
            assertTrue(Cell.isSealed(shown.add(key, 1)));
            assertNotNull(here.gathering.additionBuffer("ns").find(key));
        }
    }

    /** A cell that has gathered all it holds is sent, whatever the rest of its additions may be. */
    @Test
    public void additionBeyondWhatACellHolds_isCountedAndTheCellIsSent() {
        for (boolean byName : new boolean[] {true, false}) {
            Counter handle = handleWithAnOpenCell();
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
    public void moveAway_ofAdditionsThatDoNotEnd_isRefused_andALeavingBackendIsLeft() throws Exception {
        Runtime impatient = new Runtime(200);
        CountDownLatch hanging = new CountDownLatch(1);
        impatient.world.unbind(impatient.shared);
        impatient.bind(new BufferingBackend(place, Map.of()) {
            @Override
            void sealAll() {
                if (Thread.currentThread().getName().equals("counterex-mover") && isClosing()) {
                    try {
                        hanging.await();
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
        assertThrows(MoveRefusedException.class, () -> impatient.world.swap("ns", impatient.table));
        assertEquals(MoveDTO.Outcome.REFUSED, impatient.world.lastMove().outcome);
        String reason = impatient.world.lastMove().reason;
        assertTrue(reason, reason.contains("additions in server/server do not end in time"));
        handle.add(1);
        assertEquals("server/server", impatient.world.home("ns"));
        impatient.world.unbind(impatient.shared);
        assertEquals("server/server (detached)", impatient.world.home("ns"));
        hanging.countDown();
        impatient.gathering.end();
        handle.add(1);
        impatient.start(Map.of());
        assertEquals(4, handle.get().getAsLong());
    }

    /** Where nobody else counts, nothing comes to the place any more once the counters have been taken from there. */
    @Test
    public void additions_besideMovesAway_neverComeAfterTheirCounterWasTaken() throws Exception {
        List<Future<?>> running = adders(here);
        running.add(flusher(here));
        Random random = seed.random(0);
        for (int i = 0; i < seed.rounds(200); i++) {
            here.swap(here.shared);
            LockSupport.parkNanos(random.nextInt(5 * (int) PAUSE_NS));
            here.swap(here.table);
            here.gathering.flush("ns");
            assertEquals("round " + i, Map.of(), place.held("ns"));
        }
        enough = true;
        await(running);
        here.gathering.flush("ns");
        assertEquals(Map.of(), place.held("ns"));
        assertEquals(acknowledged.get(), sum());
    }

    /** Two runtimes on one place: moves in and out, drains, the place out of reach, backends that stop and start. */
    @Test
    public void additions_whateverHappensMeanwhile_areCountedOnce() throws Exception {
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
                case 1 -> place.before = away();
                case 2 -> place.before = PlainBackend.Fault.dawdling();
                case 3, 4 -> runtime.drain();
                case 5, 6 -> runtime.swap(runtime.table);
                default -> runtime.swap(runtime.shared);
            }
            LockSupport.parkNanos(random.nextInt((int) PAUSE_NS));
        }
        place.recover();
        enough = true;
        await(running);
        long sum = sum();
        assertEquals(seed + " difference=" + (sum - acknowledged.get()), acknowledged.get(), sum);
    }

    private static PlainBackend.Fault away() {
        return PlainBackend.Fault.throwing(
                () -> BackendUnavailableException.notApplied("out of reach", "ns"),
                "inc",
                "get",
                "take",
                "merge",
                "flush",
                "getAll");
    }

    /** What was added before somebody was refused is counted, and nothing that was refused. */
    @Test
    public void additions_whileTheRegistryStops_areCountedOrRefused() throws Exception {
        for (int i = 0; i < seed.rounds(20); i++) {
            Runtime runtime = new Runtime(5_000);
            runtime.swap(runtime.shared);
            List<Future<?>> running = adders(runtime);
            LockSupport.parkNanos(10 * PAUSE_NS);
            runtime.world.mover.stop();
            await(running);
            try {
                runtime.gathering.flush("ns");
            } catch (CounterException e) {
                throw new AssertionError(e);
            }
            assertEquals(
                    acknowledged.get(),
                    place.held("ns").values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
    }
}
