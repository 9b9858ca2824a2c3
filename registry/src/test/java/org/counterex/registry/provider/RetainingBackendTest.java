package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.snapshot.SnapshotFile;
import org.junit.After;
import org.junit.Assume;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/** Backends that keep their values when they leave: additions are collected meanwhile, everything else waits for their return. */
@RunWith(Parameterized.class)
public class RetainingBackendTest {

    @Parameterized.Parameters(name = "{0}")
    public static List<String> kinds() {
        return List.of(CounterBackend.RETENTION_LOCAL, CounterBackend.RETENTION_SHARED);
    }

    @Parameterized.Parameter
    public String retention;

    private final TestRegistry world = new TestRegistry();
    private final PlainBackend service = new PlainBackend();
    private final BackendHandle table = world.bind(new MapBackend("table"), "ets");
    private final CounterNamespace namespace = world.namespace("ns");
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @After
    public void close() {
        threads.shutdownNow();
        service.recover();
        world.close();
    }

    private BackendHandle bind() {
        return world.bind(service, "disk", CounterBackend.RETENTION, retention);
    }

    private BackendHandle bindWithCounters() {
        world.route("ns", "(counterex.backend=disk)");
        BackendHandle backend = bind();
        namespace.set("k", 100);
        namespace.set("other", 7);
        return backend;
    }

    @Test
    public void keepingBackend_isNeverTheDefault() {
        bind();
        world.unbind(table);
        namespace.inc("k");
        assertEquals("parking", world.home("ns"));
    }

    @Test
    public void additions_whileItIsAway_areCollectedAndMerged() {
        BackendHandle backend = bindWithCounters();
        Counter handle = namespace.counter("k");
        handle.inc();
        world.unbind(backend);
        assertEquals(Map.of("k", 101L, "other", 7L), service.held("ns"));
        assertEquals("disk/disk (detached)", world.home("ns"));
        namespace.add("k", 5);
        handle.add(-2);
        namespace.add("new", 3);
        bind();
        assertEquals("disk/disk", world.home("ns"));
        assertEquals(Map.of("k", 104L, "other", 7L, "new", 3L), namespace.getAll());
        assertEquals(105, handle.inc());
        assertEquals(Map.of("k", 105L, "other", 7L, "new", 3L), service.held("ns"));
    }

    @Test
    public void everythingElse_whileItIsAway_isRefusedWithoutEffect() {
        BackendHandle backend = bindWithCounters();
        Counter handle = namespace.counter("k");
        handle.inc(0);
        world.unbind(backend);
        service.leave();
        namespace.add("k", 1);
        for (Runnable call : TestRegistry.callsThatNeedTheValue(namespace, handle)) {
            assertFalse(
                    assertThrows(BackendUnavailableException.class, call::run).mayHaveBeenApplied());
        }
        assertTrue(world.mover.counters().namespaces().contains("ns"));
        assertTrue(service.late().isEmpty());
    }

    @Test
    public void additions_underComingAndGoing_areExact() throws Exception {
        BackendHandle backend = bindWithCounters();
        namespace.delete("k");
        Future<?>[] adding = new Future<?>[2];
        int each = 20_000;
        for (int t = 0; t < adding.length; t++) {
            Counter handle = namespace.counter("k");
            adding[t] = threads.submit(() -> {
                for (int i = 0; i < each; i++) {
                    if (i % 2 == 0) {
                        handle.add(1);
                    } else {
                        namespace.add("k", 1);
                    }
                }
            });
        }
        while (!adding[0].isDone() || !adding[1].isDone()) {
            world.unbind(backend);
            backend = bind();
        }
        for (Future<?> thread : adding) {
            thread.get(10, TimeUnit.SECONDS);
        }
        assertEquals(2L * each, namespace.get("k").getAsLong());
    }

    @Test
    public void swapAway_takesTheValuesOut() {
        bindWithCounters();
        assertEquals(MoveDTO.Outcome.MOVED, world.swap("ns", table).outcome);
        assertEquals(Map.of("k", 100L, "other", 7L), namespace.getAll());
        assertTrue(service.held("ns").isEmpty());
    }

    /** The values are out of reach: what is left behind could not be called all of the counters. */
    @Test
    public void swapAway_whileItIsAway_isRefused() {
        BackendHandle backend = bindWithCounters();
        world.unbind(backend);
        namespace.add("k", 1);
        assertThrows(MoveRefusedException.class, () -> world.swap("ns", table));
        bind();
        assertEquals(101, namespace.get("k").getAsLong());
    }

    @Test
    public void routeThatChanged_whileItWasAway_takesEffectWhenItReturns() {
        BackendHandle backend = bindWithCounters();
        world.unbind(backend);
        namespace.add("k", 1);
        world.route("ns", "(counterex.backend=ets)");
        bind();
        assertEquals("ets/ets", world.home("ns"));
        assertEquals(Map.of("k", 101L, "other", 7L), namespace.getAll());
        assertTrue(service.held("ns").isEmpty());
    }

    /** Only the instance of the same type and name has the values. */
    @Test
    public void anotherInstance_doesNotTakeTheAdditions() {
        BackendHandle backend = bindWithCounters();
        world.unbind(backend);
        namespace.add("k", 1);
        PlainBackend stranger = new PlainBackend();
        world.bind(stranger, "disk", CounterBackend.RETENTION, retention, CounterBackend.NAME, "stranger");
        assertThrows(BackendUnavailableException.class, () -> namespace.get("k"));
        assertTrue(stranger.held("ns").isEmpty());
        bind();
        assertEquals(101, namespace.get("k").getAsLong());
    }

    @Test
    public void additions_outliveTheRegistry() {
        BackendHandle backend = bindWithCounters();
        world.unbind(backend);
        namespace.add("k", 5);
        namespace.add("new", 3);
        try (TestRegistry next = new TestRegistry()) {
            next.mover.load(world.mover.stop(), world.kept.get());
            next.route("ns", "(counterex.backend=disk)");
            next.namespace("ns").add("k", 1);
            assertThrows(
                    BackendUnavailableException.class,
                    () -> next.namespace("ns").get("k"));
            next.bind(service, "disk", CounterBackend.RETENTION, retention);
            assertEquals(
                    Map.of("k", 106L, "other", 7L, "new", 3L),
                    next.namespace("ns").getAll());
        }
    }

    @Test
    public void values_areFoundAgainAfterAStop() {
        bindWithCounters();
        List<SnapshotFile.Entry> parked = world.mover.stop();
        assertEquals(List.of(), parked);
        assertEquals(Map.of("k", 100L, "other", 7L), service.held("ns"));
        try (TestRegistry next = new TestRegistry()) {
            next.route("ns", "(counterex.backend=disk)");
            next.bind(service, "disk", CounterBackend.RETENTION, retention);
            assertEquals(Map.of("k", 100L, "other", 7L), next.namespace("ns").getAll());
        }
    }

    /** Before the keeper has come nobody is to read an absent counter or to count anew, also where no route leads to it. */
    private void assertNotTakenForEmpty(List<SnapshotFile.Entry> parked) {
        assertEquals(Map.of("ns", "disk/disk"), world.kept.get());
        try (TestRegistry next = new TestRegistry()) {
            next.mover.load(parked, world.kept.get());
            next.bind(new MapBackend("table"), "ets");
            CounterNamespace again = next.namespace("ns");
            again.add("k", 1);
            for (Runnable call : TestRegistry.callsThatNeedTheValue(again, again.counter("k"))) {
                assertThrows(BackendUnavailableException.class, call::run);
            }
            next.bind(service, "disk", CounterBackend.RETENTION, retention);
            assertEquals("ets/ets", next.home("ns"));
            assertEquals(Map.of("k", 101L, "other", 7L), again.getAll());
            next.awaitTurn();
            assertEquals("it has gone out of the keeper", Map.of(), next.kept.get());
        }
    }

    @Test
    public void namespaceOfAKeeper_afterAStop_isNotTakenForEmpty() {
        bindWithCounters();
        assertNotTakenForEmpty(world.mover.stop());
    }

    @Test
    public void namespaceOfAKeeper_afterACrash_isNotTakenForEmpty() {
        bindWithCounters();
        world.awaitTurn();
        assertNotTakenForEmpty(List.of());
    }

    /** A server that is shared goes on being counted on by others while additions are merged. */
    @Test
    public void additions_mergedIntoASharedBackend_leaveWhatOthersAdd() {
        Assume.assumeTrue(retention.equals(CounterBackend.RETENTION_SHARED));
        BackendHandle backend = bindWithCounters();
        world.unbind(backend);
        namespace.add("k", 1);
        service.before = (operation, key) -> {
            if (key.equals("k") && !operation.equals("get")) {
                service.countBehind("ns", "k", 1_000);
            }
        };
        bind();
        service.recover();
        assertEquals(1_101, namespace.get("k").getAsLong());
    }

    /** What was merged when the merging failed half way counts once, and so does what was not. */
    @Test
    public void mergeThatFails_losesNothing() {
        BackendHandle backend = bindWithCounters();
        world.unbind(backend);
        for (int k = 0; k < 20; k++) {
            namespace.add("n" + k, k + 1);
        }
        service.before = PlainBackend.Fault.onKey("n7", "set", "merge");
        BackendHandle back = bind();
        service.recover();
        world.settle();
        Map<String, Long> all = namespace.getAll();
        assertEquals(22, all.size());
        assertEquals(8, all.get("n7").longValue());
        assertEquals(100, all.get("k").longValue());
        assertEquals("disk/disk", world.home("ns"));
        world.unbind(back);
    }
}
