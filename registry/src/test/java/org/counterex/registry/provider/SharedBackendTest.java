package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterNamespace;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.junit.After;
import org.junit.Test;

/**
 * Two runtimes that share a backend: each value exists once, and additions of the other runtime are never overwritten.
 */
public class SharedBackendTest {

    private static final long CALL_TIMEOUT_MS = 200;
    private static final long TIMEOUT_S = 30;

    private final PlainBackend service = new PlainBackend();
    private final TestRegistry here = new TestRegistry();
    private final TestRegistry there = new TestRegistry();
    private final BackendHandle table = here.bind(new MapBackend("table"), "ets");
    private final BackendHandle otherTable = there.bind(new MapBackend("table"), "ets");
    private final BackendHandle shared = bind(here);
    private final BackendHandle otherShared = bind(there);
    private final CounterNamespace namespace = here.namespace("ns");
    private final CounterNamespace other = there.namespace("ns");
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private BackendHandle bind(TestRegistry registry) {
        return registry.bind(service, "server", CounterBackend.RETENTION, CounterBackend.RETENTION_SHARED);
    }

    @After
    public void close() {
        service.recover();
        threads.shutdownNow();
        here.close();
        there.close();
    }

    private long sum() {
        long sum = service.contents("ns").values().stream()
                .mapToLong(Long::longValue)
                .sum();
        for (TestRegistry registry : new TestRegistry[] {here, there}) {
            if (registry.storeOf("ns").equals("ets/ets")) {
                sum += registry.namespace("ns").getAll().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
            }
        }
        return sum;
    }

    @Test
    public void localCounts_swappedInByBoth_areSummed() {
        namespace.inc("both", 10);
        namespace.inc("here", 1);
        other.inc("both", 32);
        other.inc("there", 2);
        here.swap("ns", shared);
        there.swap("ns", otherShared);
        Map<String, Long> all = Map.of("both", 42L, "here", 1L, "there", 2L);
        assertEquals(all, namespace.getAll());
        assertEquals(all, other.getAll());
        assertEquals(43, namespace.inc("both"));
        assertEquals(44, other.inc("both"));
    }

    @Test
    public void swapOut_takesAll_otherRestartsAtZero() {
        namespace.inc("k", 5);
        other.inc("k", 6);
        here.swap("ns", shared);
        there.swap("ns", otherShared);
        assertEquals(MoveDTO.Outcome.MOVED, here.swap("ns", table).outcome);
        assertEquals(11, namespace.get("k").getAsLong());
        assertEquals(OptionalLong.empty(), other.get("k"));
        assertEquals(1, other.inc("k"));
        assertEquals(12, namespace.inc("k"));
        here.swap("ns", shared);
        assertEquals(13, other.get("k").getAsLong());
    }

    @Test
    public void swaps_whileBothCount_loseNothing() throws Exception {
        service.before = PlainBackend.Fault.occasionalDelay();
        long counted = 0;
        try (Writers writers = new Writers(namespace, 2, 5);
                Writers others = new Writers(other, 2, 5)) {
            for (int i = 0; i < 30; i++) {
                here.swap("ns", i % 2 == 0 ? shared : table);
                there.swap("ns", i % 3 == 0 ? otherShared : otherTable);
            }
            writers.stop();
            others.stop();
            for (int k = 0; k < 5; k++) {
                counted += writers.acknowledged(k) + others.acknowledged(k);
            }
        }
        assertEquals(counted, sum());
    }

    @Test
    public void moveOut_whileOthersCreate_ends() {
        namespace.inc("k", 5);
        here.swap("ns", shared);
        int[] created = new int[1];
        service.after = (operation, key) -> {
            if (operation.equals("getAll") || operation.equals("take")) {
                service.addDirectly("ns", "new" + ++created[0], 1);
            }
        };
        assertEquals(MoveDTO.Outcome.MOVED, here.swap("ns", table).outcome);
        service.recover();
        assertEquals("ets/ets", here.storeOf("ns"));
        assertEquals(5, namespace.get("k").getAsLong());
        assertEquals(5 + created[0], sum());
    }

    @Test
    public void drains_whileOtherAdds_takeEachAdditionOnce() throws Exception {
        namespace.inc("k0", 1);
        other.inc("k0", 1);
        here.swap("ns", shared);
        there.swap("ns", otherShared);
        service.before = PlainBackend.Fault.occasionalDelay();
        int additions = 20_000;
        Future<?> adding = threads.submit(() -> {
            for (int i = 0; i < additions; i++) {
                other.add("k" + i % 3, 1);
            }
        });
        Map<String, Long> drained = new HashMap<>();
        do {
            namespace.drain().forEach((key, value) -> drained.merge(key, value, Long::sum));
        } while (!adding.isDone());
        adding.get(TIMEOUT_S, TimeUnit.SECONDS);
        namespace.drain().forEach((key, value) -> drained.merge(key, value, Long::sum));
        assertEquals(
                additions + 2,
                drained.values().stream().mapToLong(Long::longValue).sum());
    }

    @Test
    public void moves_withoutServer_areRefused() {
        namespace.inc("k", 5);
        PlainBackend.Fault unreachable = PlainBackend.Fault.throwing(
                () -> BackendUnavailableException.notApplied("server is unreachable", "ns"),
                "flush",
                "merge",
                "take",
                "getAll");
        service.before = unreachable;
        assertTrue(assertThrows(MoveRefusedException.class, () -> here.swap("ns", shared))
                .getMessage()
                .contains("server is unreachable"));
        assertEquals(MoveDTO.Outcome.REFUSED, here.lastMove().outcome);
        assertEquals(6, namespace.inc("k"));
        service.recover();
        here.swap("ns", shared);
        service.before = unreachable;
        assertThrows(MoveRefusedException.class, () -> here.swap("ns", table));
        assertEquals(MoveDTO.Outcome.REFUSED, here.lastMove().outcome);
        assertEquals("server/server", here.storeOf("ns"));
        assertEquals(7, namespace.inc("k"));
    }

    @Test
    public void counter_rejectedByTarget_isPutBack() {
        BoundedBackend small = new BoundedBackend("small", 30, true);
        BackendHandle bounded = here.bind(small, "bounded");
        for (int k = 0; k < 20; k++) {
            namespace.inc("k" + k, 1);
        }
        here.swap("ns", shared);
        int[] taken = new int[1];
        service.after = (operation, key) -> {
            if (operation.equals("take") && ++taken[0] == 10) {
                small.failure = new OutOfMemoryError("no memory");
            }
        };
        assertThrows(MoveRefusedException.class, () -> here.swap("ns", bounded));
        assertEquals(MoveDTO.Outcome.UNDONE, here.lastMove().outcome);
        assertEquals("server/server", here.storeOf("ns"));
        assertEquals(20, service.contents("ns").size());
        assertEquals(20, sum());
    }

    @Test
    public void take_abandoned_isRevertedOnReturn() throws Exception {
        try (TestRegistry impatient = new TestRegistry(CALL_TIMEOUT_MS, 0)) {
            BackendHandle local = impatient.bind(new MapBackend("table"), "ets");
            BackendHandle server = bind(impatient);
            CounterNamespace counters = impatient.namespace("ns");
            for (int k = 0; k < 20; k++) {
                counters.inc("k" + k, 1);
            }
            impatient.swap("ns", server);
            Hang hang = Hang.in("take", "k7");
            service.after = hang;
            assertThrows(MoveRefusedException.class, () -> impatient.swap("ns", local));
            assertTrue(hang.hasCall());
            service.recover();
            hang.release();
            awaitSum(1);
            impatient.reconcile();
            assertEquals(Map.of("k7", 1L), service.contents("ns"));
            assertEquals(
                    19,
                    counters.getAll().values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
    }

    @Test
    public void merge_abandoned_isRevertedOnReturn() throws Exception {
        try (TestRegistry impatient = new TestRegistry(CALL_TIMEOUT_MS, 0)) {
            impatient.bind(new MapBackend("table"), "ets");
            BackendHandle server = bind(impatient);
            CounterNamespace counters = impatient.namespace("ns");
            for (int k = 0; k < 20; k++) {
                counters.inc("k" + k, 1);
            }
            Hang hang = Hang.in("merge", "k7");
            service.after = hang;
            assertThrows(MoveRefusedException.class, () -> impatient.swap("ns", server));
            assertTrue(hang.hasCall());
            assertEquals("ets/ets", impatient.storeOf("ns"));
            service.recover();
            hang.release();
            awaitSum(0);
            assertEquals(
                    20,
                    counters.getAll().values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
    }

    /** Waits until the counters of the server have a certain sum. */
    private void awaitSum(long expected) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
        long actual;
        do {
            actual = service.contents("ns").values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            Thread.onSpinWait();
        } while (actual != expected && System.nanoTime() < end);
        assertEquals(expected, actual);
    }
}
