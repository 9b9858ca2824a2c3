package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.Counter;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.OngoingMove;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.TableStore;
import org.counterex.registry.provider.routing.PlacementResolver;
import org.junit.After;
import org.junit.Test;

/** Backends with tables that keep their values when they leave: nobody counts behind their back, and nothing is kept twice. */
public class RetainingTablesTest {

    private static final Map<String, Long> BOTH = Map.of("k", 100L, "other", 7L);

    private final TestRegistry world = new TestRegistry();
    private final DiskBackend service = new DiskBackend();
    private final BackendHandle memory = world.bind(new MapBackend("table"), "ets");
    private final Namespace namespace = world.namespace("ns");
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @After
    public void close() {
        threads.shutdownNow();
        world.close();
    }

    private BackendHandle bind() {
        return bind(world, service);
    }

    private static BackendHandle bind(TestRegistry world, DiskBackend service) {
        return world.bind(
                service,
                "disk",
                CounterBackend.RETENTION,
                CounterBackend.RETENTION_LOCAL,
                CounterBackend.NAME,
                service.info().name());
    }

    private BackendHandle bindWithCounters() {
        world.route("ns", "(counterex.name=disk)");
        BackendHandle backend = bind();
        namespace.set("k", 100);
        namespace.set("other", 7);
        assertEquals("disk/disk", world.home("ns"));
        service.events.clear();
        return backend;
    }

    @Test
    public void keepingBackend_isNeverTheDefault() {
        bind();
        world.unbind(memory);
        namespace.inc("k");
        assertEquals("parking", world.home("ns"));
    }

    @Test
    public void additions_whileItIsAway_areCollectedAndMerged() {
        BackendHandle backend = bindWithCounters();
        Counter handle = namespace.counter("k");
        handle.inc();
        world.unbind(backend);
        assertEquals(Map.of("k", 101L, "other", 7L), service.getAll("ns"));
        assertEquals("disk/disk (detached)", world.home("ns"));
        namespace.add("k", 5);
        handle.add(-2);
        namespace.add("new", 3);
        assertEquals(Map.of("k", 101L, "other", 7L), service.getAll("ns"));
        bind();
        assertEquals("disk/disk", world.home("ns"));
        assertEquals(Map.of("k", 104L, "other", 7L, "new", 3L), namespace.getAll());
        assertEquals(105, handle.inc());
        assertEquals(Map.of("k", 105L, "other", 7L, "new", 3L), service.getAll("ns"));
        assertEquals(Map.of("ns", 3L), service.info().namespaces());
    }

    /** The inputs tell that it leaves before its turn comes: what reconciles meanwhile may not take its values for homeless. */
    @Test
    public void reconciliation_whileItIsAboutToLeave_leavesTheValuesWithIt() throws Exception {
        BackendHandle backend = bindWithCounters();
        world.mover.change(inputs -> new PlacementResolver(inputs.routes(), List.of(memory)));
        world.mover.submit(() -> world.mover.reconcile("bind of another")).get();
        assertEquals("disk/disk", world.home("ns"));
        world.unbind(backend);
        assertEquals("disk/disk (detached)", world.home("ns"));
        assertEquals(BOTH, service.getAll("ns"));
    }

    @Test
    public void everythingElse_whileItIsAway_isRefusedWithoutEffect() {
        BackendHandle backend = bindWithCounters();
        Counter handle = namespace.counter("k");
        handle.inc(0);
        world.unbind(backend);
        namespace.add("k", 1);
        for (Runnable call : TestRegistry.callsThatNeedTheValue(namespace, handle)) {
            assertFalse(
                    assertThrows(BackendUnavailableException.class, call::run).mayHaveBeenApplied());
        }
        assertTrue(world.mover.counters().namespaces().contains("ns"));
        assertEquals(BOTH, service.getAll("ns"));
    }

    /** By name and by handle, while it comes and goes and while the namespace is swapped away and back. */
    @Test
    public void additions_underComingGoingAndSwaps_areExact() throws Exception {
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
                world.swap("ns", memory);
                world.swap("ns", backend);
            }
            world.unbind(backend);
            backend = bind();
        }
        for (Future<?> thread : adding) {
            thread.get(10, TimeUnit.SECONDS);
        }
        assertEquals("disk/disk", world.home("ns"));
        for (int k = 0; k < keys; k++) {
            assertEquals("k" + k, 3L * each / keys, namespace.get("k" + k).getAsLong());
        }
        world.unbind(backend);
        assertEquals(keys, service.getAll("ns").size());
        service.getAll("ns").values().forEach(value -> assertEquals(3L * each / keys, value.longValue()));
    }

    /** What is refused while it is away was not done: so those that were not are told 1, 2, 3, ... */
    @Test
    public void inc_underComingAndGoing_returnsEveryNumberOnce() throws Exception {
        BackendHandle backend = bindWithCounters();
        namespace.drain();
        int each = 5_000;
        List<Future<List<Long>>> counting = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            Counter handle = namespace.counter("k");
            counting.add(threads.submit(() -> {
                List<Long> told = new ArrayList<>();
                while (told.size() < each) {
                    try {
                        told.add(told.size() % 2 == 0 ? handle.inc() : namespace.inc("k"));
                    } catch (BackendUnavailableException e) {
                        assertFalse(e.mayHaveBeenApplied());
                    }
                }
                return told;
            }));
        }
        while (counting.stream().anyMatch(thread -> !thread.isDone())) {
            world.unbind(backend);
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

    @Test
    public void swapAway_takesTheValuesOut() {
        bindWithCounters();
        assertEquals(MoveDTO.Outcome.MOVED, world.swap("ns", memory).outcome);
        assertEquals(BOTH, namespace.getAll());
        assertEquals(Map.of(), service.getAll("ns"));
        assertEquals(Map.of(), service.info().namespaces());
    }

    /** The values are out of reach: what is left behind could not be called all of the counters. */
    @Test
    public void swapAway_whileItIsAway_isRefused() {
        BackendHandle backend = bindWithCounters();
        world.unbind(backend);
        namespace.add("k", 1);
        assertThrows(MoveRefusedException.class, () -> world.swap("ns", memory));
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
        assertEquals(Map.of(), service.getAll("ns"));
    }

    /** Only the instance of the same type and name has the values. */
    @Test
    public void anotherInstance_doesNotTakeTheAdditions() {
        BackendHandle backend = bindWithCounters();
        world.unbind(backend);
        namespace.add("k", 1);
        DiskBackend stranger = new DiskBackend("stranger", service.events);
        bind(world, stranger);
        assertThrows(BackendUnavailableException.class, () -> namespace.get("k"));
        assertEquals(Map.of(), stranger.getAll("ns"));
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
            next.route("ns", "(counterex.name=disk)");
            next.namespace("ns").add("k", 1);
            assertThrows(
                    BackendUnavailableException.class,
                    () -> next.namespace("ns").get("k"));
            bind(next, service);
            assertEquals(
                    Map.of("k", 106L, "other", 7L, "new", 3L),
                    next.namespace("ns").getAll());
        }
    }

    /** Handles of the registry that has stopped count on nothing that the next one has. */
    @Test
    public void values_areFoundAgainAfterAStop() {
        bindWithCounters();
        Counter handle = namespace.counter("k");
        handle.inc();
        assertEquals(List.of(), world.mover.stop());
        assertEquals(Map.of("k", 101L, "other", 7L), service.getAll("ns"));
        assertThrows(RuntimeException.class, handle::inc);
        try (TestRegistry next = new TestRegistry()) {
            next.route("ns", "(counterex.name=disk)");
            bind(next, service);
            assertEquals(Map.of("k", 101L, "other", 7L), next.namespace("ns").getAll());
        }
    }

    /** A namespace that nobody has asked for yet is there as soon as the backend is. */
    @Test
    public void values_thatABackendBrings_areThereAtOnce() {
        service.set("brought", "k", 5);
        world.route("brought", "(counterex.name=disk)");
        bind();
        assertEquals("disk/disk", world.home("brought"));
        assertTrue(world.mover.counters().namespaces().contains("brought"));
        assertEquals(6, world.namespace("brought").inc("k"));
        assertEquals(List.of(), world.audit.moves());
    }

    /** The first call on a namespace may come before the thread that moves has seen what the backend brings. */
    @Test
    public void firstCall_beforeWhatABackendBringsWasTakenUp_meetsIt() throws Exception {
        service.set("ns", "k", 100);
        service.set("ns", "other", 7);
        world.route("ns", "(counterex.name=disk)");
        CountDownLatch goOn = new CountDownLatch(1);
        world.mover.submit(() -> goOn.await(20, TimeUnit.SECONDS));
        world.mover.bind(new BackendHandle(
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
        goOn.countDown();
        world.awaitTurn();
        assertEquals(Map.of("k", 101L, "other", 7L), namespace.getAll());
        assertEquals(Map.of("k", 101L, "other", 7L), service.getAll("ns"));
    }

    /** The values stay where they are on disk; what was counted elsewhere is added to them there. */
    @Test
    public void values_thatABackendBrings_areAddedToOnTheirDisk() {
        service.set("ns", "k", 100);
        service.set("ns", "other", 7);
        service.events.clear();
        namespace.inc("k");
        world.route("ns", "(counterex.name=disk)");
        bind();
        assertEquals(Map.of("k", 101L, "other", 7L), namespace.getAll());
        assertEquals("disk/disk", world.home("ns"));
        assertEquals(List.of("disk flushes ns"), service.events);
    }

    /** Callers are to see them, and there is nowhere else where they could. */
    @Test
    public void values_thatABackendBringsOfANamespaceThatBelongsElsewhere_moveThere() {
        service.set("ns", "k", 100);
        service.events.clear();
        namespace.inc("k");
        bind();
        assertEquals("ets/ets", world.home("ns"));
        assertEquals(Map.of("k", 101L), namespace.getAll());
        assertEquals(Map.of(), service.getAll("ns"));
        assertEquals(List.of("disk gives up ns", "disk flushes ns"), service.events);
    }

    /** What leaves a disk has to be safe elsewhere first, and what was moved to a disk is there when the move is reported. */
    @Test
    public void moves_flushTheTargetBeforeTheSourceIsGivenUp() {
        DiskBackend source = new DiskBackend("memory", service.events);
        world.bind(source, "disk", CounterBackend.NAME, "memory");
        BackendHandle target = bind();
        world.route("ns", "(counterex.name=memory)");
        namespace.inc("k");
        service.events.clear();
        world.swap("ns", target);
        assertEquals(List.of("disk flushes ns", "memory gives up ns"), service.events);
        service.events.clear();
        world.swap("ns", memory);
        assertEquals(List.of("disk gives up ns", "disk flushes ns"), service.events);
    }

    @Test
    public void flushThatFails_showsInTheRecordAndLosesNothing() {
        namespace.set("k", 100);
        BackendHandle backend = bind();
        service.fill();
        MoveDTO move = world.swap("ns", backend);
        assertEquals(MoveDTO.Outcome.MOVED, move.outcome);
        assertUnwritten(move);
        assertEquals("disk/disk", world.home("ns"));
        assertEquals(101, namespace.inc("k"));
        MoveDTO back = world.swap("ns", memory);
        assertUnwritten(back);
        assertEquals(Map.of("k", 101L), namespace.getAll());
    }

    private static void assertUnwritten(MoveDTO move) {
        assertTrue(move.reason, move.reason.startsWith("backend disk/disk has not written it yet: disk is full"));
    }

    @Test
    public void flushOfANamespace_asksItsBackend() {
        bindWithCounters();
        world.mover.flush(namespace);
        assertEquals(List.of("disk flushes ns"), service.events);
        service.fill();
        assertThrows(BackendUnavailableException.class, () -> world.mover.flush(namespace));
        assertEquals(BOTH, namespace.getAll());
    }

    /** Each call that changes something waits for the disk before it returns. */
    @Test
    public void calls_waitForTheDisk() {
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
            assertEquals("call " + i, List.of("disk confirms ns"), service.events);
        }
        namespace.set("k", 1);
        service.fill();
        assertTrue(assertThrows(BackendUnavailableException.class, () -> namespace.set("k", 2))
                .mayHaveBeenApplied());
        assertEquals(2, namespace.get("k").getAsLong());
    }

    /** Not for that of the place where the counters are by now. */
    @Test
    public void callWhoseNamespaceMovesMeanwhile_waitsForTheDiskThatItHasChanged() {
        bindWithCounters();
        TableStore next = new TableStore(memory, memory.tables().create("ns"));
        service.atRemoval(() -> namespace.publish(namespace.placement(), Placement.settled(next)));
        namespace.delete("k");
        assertEquals("ets/ets", world.home("ns"));
        assertEquals(List.of("disk confirms ns"), service.events);
    }

    /** They are nowhere else any more. */
    @Test
    public void drain_thatCannotBeWritten_returnsWhatItTook() {
        bindWithCounters();
        service.fill();
        assertEquals(BOTH, namespace.drain());
        assertEquals(Map.of(), namespace.drain());
    }

    @Test
    public void swapToAnotherKeeper_isRefusedAndChangesNothing() {
        bindWithCounters();
        DiskBackend second = new DiskBackend("second", service.events);
        BackendHandle other = bind(world, second);
        service.events.clear();
        MoveRefusedException e = assertThrows(MoveRefusedException.class, () -> world.swap("ns", other));
        assertTrue(e.getMessage(), e.getMessage().contains("both keep their values"));
        assertEquals(MoveDTO.Outcome.REFUSED, world.lastMove().outcome);
        assertEquals(BOTH, service.getAll("ns"));
        assertEquals(Map.of(), second.getAll("ns"));
        world.route("ns", "(counterex.name=second)");
        assertEquals("disk/disk", world.home("ns"));
        assertEquals(BOTH, namespace.getAll());
        assertEquals(Map.of("ns", 2L), service.info().namespaces());
        world.swap("ns", memory);
        world.swap("ns", other);
        assertEquals(BOTH, second.getAll("ns"));
    }

    /** Both have a file, and in neither is a counter to come or go while it is in the other. */
    @Test
    public void values_thatAnotherKeeperBrings_stayThereUntilTheNamespaceIsInMemory() {
        bindWithCounters();
        DiskBackend second = new DiskBackend("second", service.events);
        second.set("ns", "k", 1_000);
        service.events.clear();
        BackendHandle other = bind(world, second);
        assertEquals(BOTH, namespace.getAll());
        assertEquals(List.of(), service.events);
        assertEquals(MoveDTO.Outcome.REFUSED, world.lastMove().outcome);
        world.unbind(other);
        assertEquals(Map.of("k", 1_000L), second.getAll("ns"));
        bind(world, second);
        world.route("ns", "(counterex.backend=ets)");
        assertEquals(Map.of("k", 1_100L, "other", 7L), namespace.getAll());
        assertEquals(Map.of(), service.getAll("ns"));
        assertEquals(Map.of(), second.getAll("ns"));
    }

    @Test
    public void values_thatNobodyTookUp_areFoundByTheNextRegistry() {
        bindWithCounters();
        DiskBackend second = new DiskBackend("second", service.events);
        second.set("ns", "k", 1_000);
        bind(world, second);
        world.mover.stop();
        try (TestRegistry next = new TestRegistry()) {
            next.route("ns", "(counterex.name=second)");
            bind(next, second);
            assertEquals(Map.of("k", 1_000L), next.namespace("ns").getAll());
        }
    }

    /** A move that goes no further: what callers ask for is moved on, the rest stays behind. */
    private void moveHalfWay(CounterStore target) {
        OngoingMove stuck = new OngoingMove("ns", "disk/disk", target.label(), "test");
        stuck.fail("test");
        Placement now = namespace.placement();
        assertTrue(namespace.publish(now, now.movingTo(target, stuck)));
        assertEquals(101, namespace.inc("k"));
        assertFalse(namespace.placement().isSettled());
    }

    /** In its file are all of them, and no parked ones are to come on top of that. */
    @Test
    public void stop_inTheMiddleOfAMoveAway_leavesEverythingWithTheKeeper() {
        bindWithCounters();
        moveHalfWay(new TableStore(memory, memory.tables().create("ns")));
        assertEquals(List.of(), world.mover.stop());
        assertEquals(Map.of("k", 101L, "other", 7L), service.getAll("ns"));
    }

    @Test
    public void stop_inTheMiddleOfAWayBack_leavesEverythingInOneTable() {
        BackendHandle backend = bindWithCounters();
        moveHalfWay(new TableStore(backend, service.create("ns")));
        assertEquals(List.of(), world.mover.stop());
        assertEquals(Map.of("k", 101L, "other", 7L), service.getAll("ns"));
    }

    /** The table that it leaves behind has to be given up, or its counters would be in the file for ever. */
    @Test
    public void leave_inTheMiddleOfAMoveAway_givesTheTableUp() {
        BackendHandle backend = bindWithCounters();
        moveHalfWay(new TableStore(memory, memory.tables().create("ns")));
        world.unbind(backend);
        assertEquals(Map.of("k", 101L, "other", 7L), namespace.getAll());
        assertEquals(Map.of(), service.info().namespaces());
        assertEquals(List.of("disk gives up ns"), service.events);
    }

    /** Another backend that does not answer keeps a move from its end, but not the keeper from its values. */
    @Test
    public void leave_whileAnotherBackendFails_keepsTheValues() {
        BackendHandle backend = bindWithCounters();
        PlainBackend failing = new PlainBackend();
        BackendHandle plain = world.bind(failing, "plain");
        failing.set("ns", "p", 1);
        failing.before = PlainBackend.Fault.onKey("p", "get", "set", "add", "delete");
        Placement now = namespace.placement();
        assertTrue(namespace.publish(now, now.absorbing(new DelegatingStore(plain, "ns"), null)));
        world.unbind(backend);
        assertEquals(BOTH, service.getAll("ns"));
        failing.recover();
        bind();
        world.settle();
        assertEquals(Map.of("k", 100L, "other", 7L, "p", 1L), namespace.getAll());
    }
}
