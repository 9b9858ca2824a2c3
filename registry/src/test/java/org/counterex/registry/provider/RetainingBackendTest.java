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
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/** Backends that retain their values: while one is absent, additions are collected and all other calls are rejected. */
@RunWith(Parameterized.class)
public class RetainingBackendTest {

    @Parameterized.Parameters(name = "{0}")
    public static List<String> kinds() {
        return List.of(CounterBackend.RETENTION_LOCAL, CounterBackend.RETENTION_SHARED);
    }

    @Parameterized.Parameter
    public String retention;

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final PlainBackend service = new PlainBackend();
    private final BackendHandle table = registry.bind(new MapBackend("table"), "ets");
    private final CounterNamespace namespace = registry.namespace("ns");
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @After
    public void close() {
        threads.shutdownNow();
        service.recover();
    }

    private BackendHandle bind() {
        return registry.bind(service, "disk", CounterBackend.RETENTION, retention);
    }

    private BackendHandle bindWithCounters() {
        registry.route("ns", "(counterex.backend=disk)");
        BackendHandle backend = bind();
        namespace.set("k", 100);
        namespace.set("other", 7);
        return backend;
    }

    @Test
    public void retainingBackend_isNeverTheDefault() {
        bind();
        registry.unbind(table);
        namespace.inc("k");
        assertEquals("parking", registry.storeOf("ns"));
    }

    @Test
    public void additions_whileDetached_areCollectedAndMerged() {
        BackendHandle backend = bindWithCounters();
        Counter handle = namespace.counter("k");
        handle.inc();
        registry.unbind(backend);
        assertEquals(Map.of("k", 101L, "other", 7L), service.contents("ns"));
        assertEquals("disk/disk (detached)", registry.storeOf("ns"));
        namespace.add("k", 5);
        handle.add(-2);
        namespace.add("new", 3);
        bind();
        assertEquals("disk/disk", registry.storeOf("ns"));
        assertEquals(Map.of("k", 104L, "other", 7L, "new", 3L), namespace.getAll());
        assertEquals(105, handle.inc());
        assertEquals(Map.of("k", 105L, "other", 7L, "new", 3L), service.contents("ns"));
    }

    @Test
    public void otherCalls_whileDetached_areRejectedWithoutEffect() {
        BackendHandle backend = bindWithCounters();
        Counter handle = namespace.counter("k");
        handle.inc(0);
        registry.unbind(backend);
        service.expectNoCalls();
        namespace.add("k", 1);
        for (Runnable call : TestRegistry.callsRequiringValue(namespace, handle)) {
            assertFalse(
                    assertThrows(BackendUnavailableException.class, call::run).mayHaveBeenApplied());
        }
        assertTrue(registry.counters().namespaces().contains("ns"));
        assertTrue(service.unexpectedCalls().isEmpty());
    }

    @Test
    public void additions_underRebinds_areExact() throws Exception {
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
            registry.unbind(backend);
            backend = bind();
        }
        for (Future<?> thread : adding) {
            thread.get(10, TimeUnit.SECONDS);
        }
        assertEquals(2L * each, namespace.get("k").getAsLong());
    }

    @Test
    public void swapAway_removesTheValues() {
        bindWithCounters();
        assertEquals(MoveDTO.MOVED, registry.swap("ns", table).outcome);
        assertEquals(Map.of("k", 100L, "other", 7L), namespace.getAll());
        assertTrue(service.contents("ns").isEmpty());
    }

    /** The retained values are inaccessible, so a move would be incomplete. */
    @Test
    public void swapAway_whileDetached_isRefused() {
        BackendHandle backend = bindWithCounters();
        registry.unbind(backend);
        namespace.add("k", 1);
        assertThrows(MoveRefusedException.class, () -> registry.swap("ns", table));
        bind();
        assertEquals(101, namespace.get("k").getAsLong());
    }

    @Test
    public void routeChange_whileDetached_appliesOnRebind() {
        BackendHandle backend = bindWithCounters();
        registry.unbind(backend);
        namespace.add("k", 1);
        registry.route("ns", "(counterex.backend=ets)");
        bind();
        assertEquals("ets/ets", registry.storeOf("ns"));
        assertEquals(Map.of("k", 101L, "other", 7L), namespace.getAll());
        assertTrue(service.contents("ns").isEmpty());
    }

    /** The values belong to the instance of the same type and name. */
    @Test
    public void additions_onOtherInstance_stayCollected() {
        BackendHandle backend = bindWithCounters();
        registry.unbind(backend);
        namespace.add("k", 1);
        PlainBackend other = new PlainBackend();
        registry.bind(other, "disk", CounterBackend.RETENTION, retention, CounterBackend.NAME, "other");
        assertThrows(BackendUnavailableException.class, () -> namespace.get("k"));
        assertTrue(other.contents("ns").isEmpty());
        bind();
        assertEquals(101, namespace.get("k").getAsLong());
    }

    @Test
    public void additions_afterStop_areRestored() {
        BackendHandle backend = bindWithCounters();
        registry.unbind(backend);
        namespace.add("k", 5);
        namespace.add("new", 3);
        try (TestRegistry next = new TestRegistry()) {
            next.load(registry.stop(), registry.retention.get());
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
    public void values_afterStop_areFoundAgain() {
        bindWithCounters();
        List<SnapshotFile.Entry> parked = registry.stop();
        assertEquals(List.of(), parked);
        assertEquals(Map.of("k", 100L, "other", 7L), service.contents("ns"));
        try (TestRegistry next = new TestRegistry()) {
            next.route("ns", "(counterex.backend=disk)");
            next.bind(service, "disk", CounterBackend.RETENTION, retention);
            assertEquals(Map.of("k", 100L, "other", 7L), next.namespace("ns").getAll());
        }
    }

    /**
     * Until the retaining backend is bound, calls that require a value are rejected, even if no route selects the
     * backend.
     */
    private void assertNotTreatedAsEmpty(List<SnapshotFile.Entry> saved) {
        assertEquals(Map.of("ns", "disk/disk"), registry.retention.get());
        try (TestRegistry next = new TestRegistry()) {
            next.load(saved, registry.retention.get());
            next.bind(new MapBackend("table"), "ets");
            CounterNamespace restored = next.namespace("ns");
            restored.add("k", 1);
            for (Runnable call : TestRegistry.callsRequiringValue(restored, restored.counter("k"))) {
                assertThrows(BackendUnavailableException.class, call::run);
            }
            next.bind(service, "disk", CounterBackend.RETENTION, retention);
            assertEquals("ets/ets", next.storeOf("ns"));
            assertEquals(Map.of("k", 101L, "other", 7L), restored.getAll());
            next.awaitControlThread();
            assertEquals("the namespace has left the retaining backend", Map.of(), next.retention.get());
        }
    }

    @Test
    public void retainedNamespace_afterStop_isNotTreatedAsEmpty() {
        bindWithCounters();
        assertNotTreatedAsEmpty(registry.stop());
    }

    @Test
    public void retainedNamespace_afterCrash_isNotTreatedAsEmpty() {
        bindWithCounters();
        registry.awaitControlThread();
        assertNotTreatedAsEmpty(List.of());
    }

    /** Other clients of a shared server keep adding while additions are merged. */
    @Test
    public void merge_intoSharedBackend_keepsOtherAdditions() {
        Assume.assumeTrue(retention.equals(CounterBackend.RETENTION_SHARED));
        BackendHandle backend = bindWithCounters();
        registry.unbind(backend);
        namespace.add("k", 1);
        service.before = (operation, key) -> {
            if (key.equals("k") && !operation.equals("get")) {
                service.addDirectly("ns", "k", 1_000);
            }
        };
        bind();
        service.recover();
        assertEquals(1_101, namespace.get("k").getAsLong());
    }

    /** Additions count once, whether merged before or after the failure. */
    @Test
    public void merge_failingHalfWay_losesNothing() {
        BackendHandle backend = bindWithCounters();
        registry.unbind(backend);
        for (int k = 0; k < 20; k++) {
            namespace.add("n" + k, k + 1);
        }
        service.before = PlainBackend.Fault.onKey("n7", "set", "merge");
        BackendHandle rebound = bind();
        service.recover();
        registry.reconcile();
        Map<String, Long> all = namespace.getAll();
        assertEquals(22, all.size());
        assertEquals(8, all.get("n7").longValue());
        assertEquals(100, all.get("k").longValue());
        assertEquals("disk/disk", registry.storeOf("ns"));
        registry.unbind(rebound);
    }
}
