package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.snapshot.SnapshotFile;
import org.junit.After;
import org.junit.Assume;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/** Backends without tables that retain their values, locally or on a shared server. */
@RunWith(Parameterized.class)
public class RetainingBackendTest extends RetentionContract {

    @Parameterized.Parameters(name = "{0}")
    public static List<String> kinds() {
        return List.of(CounterBackend.RETENTION_LOCAL, CounterBackend.RETENTION_SHARED);
    }

    @Parameterized.Parameter
    public String retention;

    private final PlainBackend service = new PlainBackend();

    @After
    public void recover() {
        service.recover();
    }

    @Override
    String filter() {
        return "(counterex.backend=disk)";
    }

    @Override
    BackendHandle bind(TestRegistry registry) {
        return registry.bind(service, "disk", CounterBackend.RETENTION, retention);
    }

    @Override
    Supplier<Map<String, Long>> bindOther() {
        PlainBackend other = new PlainBackend();
        registry.bind(other, "disk", CounterBackend.RETENTION, retention, CounterBackend.NAME, "other");
        return () -> other.contents("ns");
    }

    @Override
    Map<String, Long> contents() {
        return service.contents("ns");
    }

    @Override
    Map<String, Long> sizes() {
        Map<String, Long> sizes = new HashMap<>(service.info().namespaces());
        sizes.values().removeIf(size -> size == 0);
        return sizes;
    }

    @Override
    void expectNoCalls() {
        service.expectNoCalls();
    }

    @Override
    void assertNotCalled() {
        assertTrue(service.unexpectedCalls().isEmpty());
        super.assertNotCalled();
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
            bind(next);
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
