package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.Counter;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.OngoingMove;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.TableStore;
import org.counterex.registry.provider.routing.PlacementResolver;
import org.junit.Test;

/** Table backends that retain their values: every change reaches their disk, and no value is stored twice. */
public class RetainingTablesTest extends RetentionContract {

    private final DiskBackend service = new DiskBackend();

    @Override
    String filter() {
        return "(counterex.name=disk)";
    }

    @Override
    BackendHandle bind(TestRegistry registry) {
        return bind(registry, service);
    }

    private static BackendHandle bind(TestRegistry registry, DiskBackend service) {
        return registry.bind(
                service,
                "disk",
                CounterBackend.RETENTION,
                CounterBackend.RETENTION_LOCAL,
                CounterBackend.NAME,
                service.info().name());
    }

    @Override
    Supplier<Map<String, Long>> bindOther() {
        DiskBackend other = new DiskBackend("other", service.events);
        bind(registry, other);
        return () -> other.getAll("ns");
    }

    @Override
    Map<String, Long> contents() {
        return service.getAll("ns");
    }

    @Override
    Map<String, Long> sizes() {
        return service.info().namespaces();
    }

    @Override
    BackendHandle bindWithCounters() {
        BackendHandle backend = super.bindWithCounters();
        service.events.clear();
        return backend;
    }

    /**
     * The resolver excludes a leaving backend before it is unbound: a reconciliation in between must not move its
     * values.
     */
    @Test
    public void reconcile_beforeUnbind_keepsTheValues() throws Exception {
        BackendHandle backend = bindWithCounters();
        registry.updateRouting(inputs -> new PlacementResolver(inputs.routes(), List.of(memory)));
        registry.reconcile();
        assertEquals("disk/disk", registry.storeOf("ns"));
        registry.unbind(backend);
        assertEquals("disk/disk (detached)", registry.storeOf("ns"));
        assertEquals(VALUES, service.getAll("ns"));
    }

    /** Additions by name and by handle, while the backend is rebound and the namespace is swapped away and back. */
    @Test
    public void additions_underRebindsAndSwaps_areExact() throws Exception {
        BackendHandle backend = bindWithCounters();
        namespace.drain();
        int keys = 5;
        int each = 20_000;
        List<Future<?>> adding = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            Counter[] handles = new Counter[keys];
            for (int k = 0; k < keys; k++) {
                handles[k] = namespace.counter("k" + k);
            }
            adding.add(threads.submit(() -> {
                for (int i = 0; i < each; i++) {
                    if (i % 2 == 0) {
                        handles[i % keys].add(1);
                    } else {
                        namespace.add("k" + i % keys, 1);
                    }
                }
            }));
        }
        for (int i = 0; adding.stream().anyMatch(thread -> !thread.isDone()); i++) {
            if (i % 3 == 0) {
                registry.swap("ns", memory);
                registry.swap("ns", backend);
            }
            registry.unbind(backend);
            backend = bind();
        }
        for (Future<?> thread : adding) {
            thread.get(10, TimeUnit.SECONDS);
        }
        assertEquals("disk/disk", registry.storeOf("ns"));
        for (int k = 0; k < keys; k++) {
            assertEquals("k" + k, 3L * each / keys, namespace.get("k" + k).getAsLong());
        }
        registry.unbind(backend);
        assertEquals(keys, service.getAll("ns").size());
        service.getAll("ns").values().forEach(value -> assertEquals(3L * each / keys, value.longValue()));
    }

    /** A call rejected while the backend is absent has no effect: the accepted ones return 1, 2, 3, ... */
    @Test
    public void inc_underRebinds_returnsEachValueOnce() throws Exception {
        BackendHandle backend = bindWithCounters();
        namespace.drain();
        int each = 5_000;
        List<Future<List<Long>>> counting = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            Counter handle = namespace.counter("k");
            counting.add(threads.submit(() -> {
                List<Long> values = new ArrayList<>();
                while (values.size() < each) {
                    try {
                        values.add(values.size() % 2 == 0 ? handle.inc() : namespace.inc("k"));
                    } catch (BackendUnavailableException e) {
                        assertFalse(e.mayHaveBeenApplied());
                    }
                }
                return values;
            }));
        }
        while (counting.stream().anyMatch(thread -> !thread.isDone())) {
            registry.unbind(backend);
            backend = bind();
        }
        List<Long> all = new ArrayList<>();
        for (Future<List<Long>> thread : counting) {
            all.addAll(thread.get(10, TimeUnit.SECONDS));
        }
        all.sort(null);
        for (int i = 0; i < all.size(); i++) {
            assertEquals(i + 1, all.get(i).longValue());
        }
        assertEquals(3 * each, namespace.get("k").getAsLong());
    }

    /** A namespace that no caller has requested yet exists as soon as the backend is bound. */
    @Test
    public void restoredValues_ofNewNamespace_areVisibleAtOnce() {
        service.set("restored", "k", 5);
        registry.route("restored", "(counterex.name=disk)");
        bind();
        assertEquals("disk/disk", registry.storeOf("restored"));
        assertTrue(registry.counters().namespaces().contains("restored"));
        assertEquals(6, registry.namespace("restored").inc("k"));
        assertEquals(List.of(), registry.moveLog.moves());
    }

    /** The first call on a namespace may precede the merge of the restored values on the control thread. */
    @Test
    public void firstCall_beforeMerge_seesRestoredValues() throws Exception {
        service.set("ns", "k", 100);
        service.set("ns", "other", 7);
        registry.route("ns", "(counterex.name=disk)");
        CountDownLatch resume = new CountDownLatch(1);
        registry.submit(() -> resume.await(20, TimeUnit.SECONDS));
        registry.bindAsync(new BackendHandle(
                service,
                Map.of(
                        CounterBackend.TYPE,
                        "disk",
                        CounterBackend.NAME,
                        "disk",
                        CounterBackend.RETENTION,
                        CounterBackend.RETENTION_LOCAL),
                "test"));
        assertEquals(101, namespace.inc("k"));
        resume.countDown();
        registry.awaitControlThread();
        assertEquals(Map.of("k", 101L, "other", 7L), namespace.getAll());
        assertEquals(Map.of("k", 101L, "other", 7L), service.getAll("ns"));
    }

    /** The restored values stay in the table of the backend; counts from other stores are added there. */
    @Test
    public void restoredValues_whenMerged_stayOnTheirDisk() {
        service.set("ns", "k", 100);
        service.set("ns", "other", 7);
        service.events.clear();
        namespace.inc("k");
        registry.route("ns", "(counterex.name=disk)");
        bind();
        assertEquals(Map.of("k", 101L, "other", 7L), namespace.getAll());
        assertEquals("disk/disk", registry.storeOf("ns"));
        assertEquals(List.of("disk flush ns"), service.events);
    }

    /** A namespace has one placement, so the restored values move to it. */
    @Test
    public void restoredValues_routedElsewhere_moveThere() {
        service.set("ns", "k", 100);
        service.events.clear();
        namespace.inc("k");
        bind();
        assertEquals("ets/ets", registry.storeOf("ns"));
        assertEquals(Map.of("k", 101L), namespace.getAll());
        assertEquals(Map.of(), service.getAll("ns"));
        assertEquals(List.of("disk discard ns", "disk flush ns"), service.events);
    }

    /** Values are durable in the target before the source discards them, and when the move is reported. */
    @Test
    public void move_flushesTargetBeforeDiscardingSource() {
        DiskBackend source = new DiskBackend("memory", service.events);
        registry.bind(source, "disk", CounterBackend.NAME, "memory");
        BackendHandle target = bind();
        registry.route("ns", "(counterex.name=memory)");
        namespace.inc("k");
        service.events.clear();
        registry.swap("ns", target);
        assertEquals(List.of("disk flush ns", "memory discard ns"), service.events);
        service.events.clear();
        registry.swap("ns", memory);
        assertEquals(List.of("disk discard ns", "disk flush ns"), service.events);
    }

    @Test
    public void flush_failingInMove_isRecorded() {
        namespace.set("k", 100);
        BackendHandle backend = bind();
        service.fillDisk();
        MoveDTO move = registry.swap("ns", backend);
        assertEquals(MoveDTO.Outcome.MOVED, move.outcome);
        assertUnwritten(move);
        assertEquals("disk/disk", registry.storeOf("ns"));
        assertEquals(101, namespace.inc("k"));
        MoveDTO second = registry.swap("ns", memory);
        assertUnwritten(second);
        assertEquals(Map.of("k", 101L), namespace.getAll());
    }

    private static void assertUnwritten(MoveDTO move) {
        assertTrue(
                move.reason,
                move.reason.startsWith("backend disk/disk has not written the counters yet: disk is full"));
    }

    @Test
    public void flush_ofNamespace_flushesItsBackend() {
        bindWithCounters();
        registry.flush(namespace);
        assertEquals(List.of("disk flush ns"), service.events);
        service.fillDisk();
        assertThrows(BackendUnavailableException.class, () -> registry.flush(namespace));
        assertEquals(VALUES, namespace.getAll());
    }

    /** Each call that changes a counter waits for the disk before it returns. */
    @Test
    public void changes_awaitTheDisk() {
        bindWithCounters();
        Counter handle = namespace.counter("k");
        Runnable[] calls = {
            () -> namespace.set("k", 1),
            () -> namespace.reset("k"),
            () -> namespace.compareAndSwap("k", 0, 5),
            () -> namespace.inc("new"),
            () -> namespace.add("newer", 1),
            () -> handle.set(3),
            () -> namespace.delete("new"),
            namespace::drain,
            () -> namespace.set("k", 1),
            namespace::deleteAll
        };
        for (int i = 0; i < calls.length; i++) {
            service.events.clear();
            calls[i].run();
            assertEquals("call " + i, List.of("disk awaitDurable ns"), service.events);
        }
        namespace.set("k", 1);
        service.fillDisk();
        assertTrue(assertThrows(BackendUnavailableException.class, () -> namespace.set("k", 2))
                .mayHaveBeenApplied());
        assertEquals(2, namespace.get("k").getAsLong());
    }

    /** The disk to wait for is that of the changed counter, not of the current store. */
    @Test
    public void change_duringMove_awaitsTheDiskItChanged() {
        bindWithCounters();
        TableStore next = new TableStore(memory, memory.tables().create("ns"));
        service.onRemoval(() -> namespace.publish(namespace.placement(), Placement.settled(next)));
        namespace.delete("k");
        assertEquals("ets/ets", registry.storeOf("ns"));
        assertEquals(List.of("disk awaitDurable ns"), service.events);
    }

    /** The drained counters exist in the result only. */
    @Test
    public void drain_withFullDisk_returnsDrainedCounters() {
        bindWithCounters();
        service.fillDisk();
        assertEquals(VALUES, namespace.drain());
        assertEquals(Map.of(), namespace.drain());
    }

    @Test
    public void swap_betweenRetainingBackends_isRefused() {
        bindWithCounters();
        DiskBackend second = new DiskBackend("second", service.events);
        BackendHandle other = bind(registry, second);
        service.events.clear();
        MoveRefusedException e = assertThrows(MoveRefusedException.class, () -> registry.swap("ns", other));
        assertTrue(e.getMessage(), e.getMessage().contains("both retain their values"));
        assertEquals(MoveDTO.Outcome.REFUSED, registry.lastMove().outcome);
        assertEquals(VALUES, service.getAll("ns"));
        assertEquals(Map.of(), second.getAll("ns"));
        registry.route("ns", "(counterex.name=second)");
        assertEquals("disk/disk", registry.storeOf("ns"));
        assertEquals(VALUES, namespace.getAll());
        assertEquals(Map.of("ns", 2L), service.info().namespaces());
        registry.swap("ns", memory);
        registry.swap("ns", other);
        assertEquals(VALUES, second.getAll("ns"));
    }

    /** Both have a file, and there is no common commit: a counter must not move from one to the other. */
    @Test
    public void restoredValues_ofOtherRetainer_waitForMemory() {
        bindWithCounters();
        DiskBackend second = new DiskBackend("second", service.events);
        second.set("ns", "k", 1_000);
        service.events.clear();
        BackendHandle other = bind(registry, second);
        assertEquals(VALUES, namespace.getAll());
        assertEquals(List.of(), service.events);
        assertEquals(MoveDTO.Outcome.REFUSED, registry.lastMove().outcome);
        registry.unbind(other);
        assertEquals(Map.of("k", 1_000L), second.getAll("ns"));
        bind(registry, second);
        registry.route("ns", "(counterex.backend=ets)");
        assertEquals(Map.of("k", 1_100L, "other", 7L), namespace.getAll());
        assertEquals(Map.of(), service.getAll("ns"));
        assertEquals(Map.of(), second.getAll("ns"));
    }

    @Test
    public void restoredValues_notClaimed_areFoundByNextRegistry() {
        bindWithCounters();
        DiskBackend second = new DiskBackend("second", service.events);
        second.set("ns", "k", 1_000);
        bind(registry, second);
        registry.stop();
        try (TestRegistry next = new TestRegistry()) {
            next.route("ns", "(counterex.name=second)");
            bind(next, second);
            assertEquals(Map.of("k", 1_000L), next.namespace("ns").getAll());
        }
    }

    /** Starts a move that transfers only the counters that are called. */
    private void startStalledMove(CounterStore target) {
        OngoingMove stalled = new OngoingMove("ns", "disk/disk", target.label(), "test");
        stalled.fail("test");
        Placement before = namespace.placement();
        assertTrue(namespace.publish(before, before.movingTo(target, stalled)));
        assertEquals(101, namespace.inc("k"));
        assertFalse(namespace.placement().isSettled());
    }

    /** The file has all counters, so none may be saved as parked too. */
    @Test
    public void stop_duringMoveAway_keepsAllInBackend() {
        bindWithCounters();
        startStalledMove(new TableStore(memory, memory.tables().create("ns")));
        assertEquals(List.of(), registry.stop());
        assertEquals(Map.of("k", 101L, "other", 7L), service.getAll("ns"));
    }

    @Test
    public void stop_duringMoveWithinBackend_keepsOneTable() {
        BackendHandle backend = bindWithCounters();
        startStalledMove(new TableStore(backend, service.create("ns")));
        assertEquals(List.of(), registry.stop());
        assertEquals(Map.of("k", 101L, "other", 7L), service.getAll("ns"));
    }

    /** The table must be discarded, or its counters would stay in the file for ever. */
    @Test
    public void unbind_duringMoveAway_discardsTheTable() {
        BackendHandle backend = bindWithCounters();
        startStalledMove(new TableStore(memory, memory.tables().create("ns")));
        registry.unbind(backend);
        assertEquals(Map.of("k", 101L, "other", 7L), namespace.getAll());
        assertEquals(Map.of(), service.info().namespaces());
        assertEquals(List.of("disk discard ns"), service.events);
    }

    /** Another backend, which fails, keeps a move from finishing, but does not affect the retained values. */
    @Test
    public void unbind_whileOtherBackendFails_keepsTheValues() {
        BackendHandle backend = bindWithCounters();
        PlainBackend failing = new PlainBackend();
        BackendHandle plain = registry.bind(failing, "plain");
        failing.set("ns", "p", 1);
        failing.before = PlainBackend.Fault.onKey("p", "get", "set", "add", "delete");
        Placement before = namespace.placement();
        assertTrue(namespace.publish(before, before.absorbing(new DelegatingStore(plain, "ns"), null)));
        registry.unbind(backend);
        assertEquals(VALUES, service.getAll("ns"));
        failing.recover();
        bind();
        registry.reconcile();
        assertEquals(Map.of("k", 100L, "other", 7L, "p", 1L), namespace.getAll());
    }
}
