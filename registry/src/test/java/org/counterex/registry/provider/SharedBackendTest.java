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

/** Two runtimes with a backend on which both count: a value is in one place, and what the other counts is never overwritten. */
public class SharedBackendTest {

    private static final long CALL_TIMEOUT_MS = 200;
    private static final long LONG_S = 30;

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

    private BackendHandle bind(TestRegistry world) {
        return world.bind(service, "server", CounterBackend.RETENTION, CounterBackend.RETENTION_SHARED);
    }

    @After
    public void close() {
        service.recover();
        threads.shutdownNow();
        here.close();
        there.close();
    }

    private long sum() {
        long sum =
                service.held("ns").values().stream().mapToLong(Long::longValue).sum();
        for (TestRegistry world : new TestRegistry[] {here, there}) {
            if (world.home("ns").equals("ets/ets")) {
                sum += world.namespace("ns").getAll().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
            }
        }
        return sum;
    }

    @Test
    public void runtimesThatCountedLocally_swapBothIn_giveTheSum() {
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
    public void swapOut_takesAllThatIsThere_andTheOtherGoesOnFromNothing() {
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
    public void swapsInAndOut_whileBothCount_loseNothing() throws Exception {
        service.before = PlainBackend.Fault.dawdling();
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
    public void moveOut_endsThoughOthersKeepMakingCounters() {
        namespace.inc("k", 5);
        here.swap("ns", shared);
        int[] made = new int[1];
        service.after = (operation, key) -> {
            if (operation.equals("getAll") || operation.equals("take")) {
                service.countBehind("ns", "new" + ++made[0], 1);
            }
        };
        assertEquals(MoveDTO.Outcome.MOVED, here.swap("ns", table).outcome);
        service.recover();
        assertEquals("ets/ets", here.home("ns"));
        assertEquals(5, namespace.get("k").getAsLong());
        assertEquals(5 + made[0], sum());
    }

    @Test
    public void drains_whileTheOtherAdds_takeEachAdditionOnce() throws Exception {
        namespace.inc("k0", 1);
        other.inc("k0", 1);
        here.swap("ns", shared);
        there.swap("ns", otherShared);
        service.before = PlainBackend.Fault.dawdling();
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
        adding.get(LONG_S, TimeUnit.SECONDS);
        namespace.drain().forEach((key, value) -> drained.merge(key, value, Long::sum));
        assertEquals(
                additions + 2,
                drained.values().stream().mapToLong(Long::longValue).sum());
    }

    @Test
    public void moves_inAndOut_areRefusedWhileTheServerIsAway() {
        namespace.inc("k", 5);
        PlainBackend.Fault away = PlainBackend.Fault.throwing(
                () -> BackendUnavailableException.notApplied("server is away", "ns"),
                "flush",
                "merge",
                "take",
                "getAll");
        service.before = away;
        assertTrue(assertThrows(MoveRefusedException.class, () -> here.swap("ns", shared))
                .getMessage()
                .contains("server is away"));
        assertEquals(MoveDTO.Outcome.REFUSED, here.lastMove().outcome);
        assertEquals(6, namespace.inc("k"));
        service.recover();
        here.swap("ns", shared);
        service.before = away;
        assertThrows(MoveRefusedException.class, () -> here.swap("ns", table));
        assertEquals(MoveDTO.Outcome.REFUSED, here.lastMove().outcome);
        assertEquals("server/server", here.home("ns"));
        assertEquals(7, namespace.inc("k"));
    }

    @Test
    public void counterThatFitsNowhereElse_isPutBack() {
        BoundedBackend small = new BoundedBackend("small", 30, true);
        BackendHandle bounded = here.bind(small, "bounded");
        for (int k = 0; k < 20; k++) {
            namespace.inc("k" + k, 1);
        }
        here.swap("ns", shared);
        int[] taken = new int[1];
        service.after = (operation, key) -> {
            if (operation.equals("take") && ++taken[0] == 10) {
                small.failure = new OutOfMemoryError("no place");
            }
        };
        assertThrows(MoveRefusedException.class, () -> here.swap("ns", bounded));
        assertEquals(MoveDTO.Outcome.UNDONE, here.lastMove().outcome);
        assertEquals("server/server", here.home("ns"));
        assertEquals(20, service.held("ns").size());
        assertEquals(20, sum());
    }

    @Test
    public void takeThatIsGivenUp_givesBackWhenItReturns() throws Exception {
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
            impatient.settle();
            assertEquals(Map.of("k7", 1L), service.held("ns"));
            assertEquals(
                    19,
                    counters.getAll().values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
    }

    @Test
    public void mergeThatIsGivenUp_takesBackWhenItReturns() throws Exception {
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
            assertEquals("ets/ets", impatient.home("ns"));
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

    /** Awaits what the server holds in all. */
    private void awaitSum(long expected) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONG_S);
        long held;
        do {
            held = service.held("ns").values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            Thread.onSpinWait();
        } while (held != expected && System.nanoTime() < end);
        assertEquals(expected, held);
    }
}
