package org.counterex.registry.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.Counter;
import org.counterex.api.CounterEvent;
import org.counterex.api.CounterEvent.Operation;
import org.counterex.api.CounterListener;
import org.counterex.api.CounterNamespace;
import org.counterex.api.CounterOverflowException;
import org.counterex.registry.provider.backend.BackendHandle;
import org.junit.After;
import org.junit.Test;

/** Who listens is told of every operation once, and is no matter to those who count. */
public class ListenerRegistryTest {

    private static final int CALLS = 100_000;

    private final TestRegistry world = new TestRegistry();
    private final Recorder all = new Recorder();

    @After
    public void close() {
        world.close();
    }

    /** Remembers what it is told. */
    private static class Recorder implements CounterListener {

        final Queue<CounterEvent> events = new ConcurrentLinkedQueue<>();
        final AtomicLong counted = new AtomicLong();
        final AtomicLong missed = new AtomicLong();

        @Override
        public void onOperation(CounterEvent event) {
            if (counted.incrementAndGet() <= 1_000) {
                events.add(event);
            }
        }

        @Override
        public void onDropped(long more) {
            missed.addAndGet(more);
        }

        long told() {
            return counted.get() + missed.get();
        }

        void awaitTold(long operations) {
            await().pollInterval(1, TimeUnit.MILLISECONDS).untilAsserted(() -> assertEquals(operations, told()));
        }
    }

    private BackendHandle listened(CounterListener listener, String... properties) {
        BackendHandle backend = world.bind(RealBackends.ets(), "ets");
        listen(listener, properties);
        return backend;
    }

    private void listen(CounterListener listener, String... properties) {
        world.telemetry.bind(
                listener,
                properties.length == 0
                        ? Map.of()
                        : Map.of(CounterListener.NAMESPACES, properties[0], CounterListener.OPERATIONS, properties[1]));
    }

    private static CounterEvent event(Operation operation, String key, long amount, Long value, boolean success) {
        OptionalLong told = value == null ? OptionalLong.empty() : OptionalLong.of(value);
        return new CounterEvent("ets/ets", operation, "ns", key, amount, told, success);
    }

    @Test
    public void operations_ofANamespace_areTold() {
        listened(all);
        CounterNamespace ns = world.namespace("ns");
        ns.inc("k");
        ns.inc("k", 2);
        ns.inc("k", 3, 100);
        ns.add("k", 4);
        ns.set("k", 20);
        ns.compareAndSwap("k", 20, 21);
        ns.compareAndSwap("k", 20, 22);
        ns.reset("k", 5);
        ns.reset("k");
        ns.delete("k");
        ns.delete("k");
        ns.get("k");
        ns.getAll();
        ns.inc("a", 7);
        ns.inc("b", Long.MAX_VALUE);
        assertEquals(Map.of("a", 7L, "b", Long.MAX_VALUE), ns.drain());
        ns.inc("a");
        ns.deleteAll();
        List<CounterEvent> expected = List.of(
                event(Operation.INC, "k", 1, 1L, true),
                event(Operation.INC, "k", 2, 3L, true),
                event(Operation.INC, "k", 3, 6L, true),
                event(Operation.ADD, "k", 4, null, true),
                event(Operation.SET, "k", 20, 20L, true),
                event(Operation.CAS, "k", 21, 21L, true),
                event(Operation.CAS, "k", 22, 21L, false),
                event(Operation.RESET, "k", 5, 5L, true),
                event(Operation.RESET, "k", 0, 0L, true),
                event(Operation.DELETE, "k", 0, 0L, true),
                event(Operation.DELETE, "k", 0, null, true),
                event(Operation.INC, "a", 7, 7L, true),
                event(Operation.INC, "b", Long.MAX_VALUE, Long.MAX_VALUE, true),
                event(Operation.DRAIN, "", 2, null, true),
                event(Operation.INC, "a", 1, 1L, true),
                event(Operation.DELETE_NAMESPACE, "", 1, null, true));
        all.awaitTold(expected.size());
        assertEquals(expected, List.copyOf(all.events));
    }

    @Test
    public void operations_ofAHandleThatHasItsCell_areTold() {
        world.bind(RealBackends.ets(), "ets");
        Counter handle = world.namespace("ns").counter("k");
        handle.inc();
        handle.inc();
        listen(all);
        handle.inc();
        handle.inc(2);
        handle.inc(3, 100);
        handle.add(4);
        handle.set(20);
        handle.compareAndSwap(20, 21);
        handle.reset();
        handle.delete();
        List<CounterEvent> expected = List.of(
                event(Operation.INC, "k", 1, 3L, true),
                event(Operation.INC, "k", 2, 5L, true),
                event(Operation.INC, "k", 3, 8L, true),
                event(Operation.ADD, "k", 4, null, true),
                event(Operation.SET, "k", 20, 20L, true),
                event(Operation.CAS, "k", 21, 21L, true),
                event(Operation.RESET, "k", 0, 0L, true),
                event(Operation.DELETE, "k", 0, 0L, true));
        all.awaitTold(expected.size());
        assertEquals(expected, List.copyOf(all.events));
    }

    @Test
    public void operations_thatFail_areToldAsSuch() {
        world.bind(RealBackends.atomics(1, false), "ets");
        listen(all);
        CounterNamespace ns = world.namespace("ns");
        ns.inc("k", 5);
        assertThrows(CapacityExceededException.class, () -> ns.inc("l", 2));
        assertThrows(CapacityExceededException.class, () -> ns.add("l", 3));
        assertThrows(CapacityExceededException.class, () -> ns.set("l", 4));
        assertThrows(CapacityExceededException.class, () -> ns.compareAndSwap("l", 0, 4));
        assertThrows(CounterOverflowException.class, () -> ns.set("k", -1));
        assertThrows(IllegalArgumentException.class, () -> ns.inc(""));
        assertThrows(IllegalArgumentException.class, () -> ns.inc("k", Long.MIN_VALUE));
        List<CounterEvent> expected = List.of(
                event(Operation.INC, "k", 5, 5L, true),
                event(Operation.INC, "l", 2, null, false),
                event(Operation.ADD, "l", 3, null, false),
                event(Operation.SET, "l", 4, null, false),
                event(Operation.CAS, "l", 4, null, false),
                event(Operation.SET, "k", -1, null, false));
        all.awaitTold(expected.size());
        assertEquals(expected, List.copyOf(all.events));
    }

    @Test
    public void operations_withoutABackend_areToldAsFailed() {
        listen(all);
        for (Supplier<?> call : List.<Supplier<?>>of(
                () -> world.namespace("ns").inc("k"),
                () -> world.namespace("ns").drain())) {
            assertThrows(RuntimeException.class, call::get);
        }
        assertThrows(RuntimeException.class, world.namespace("ns")::deleteAll);
        assertThrows(RuntimeException.class, () -> world.namespace("ns").delete("k"));
        all.awaitTold(4);
        assertTrue(all.events.stream().noneMatch(CounterEvent::success));
    }

    @Test
    public void listener_isToldOfWhatItsFilterSays() {
        listened(all, "a*, b", "set, drain");
        Recorder late = new Recorder();
        listen(late, "*", "inc");
        for (String name : List.of("a", "ab", "b", "bc")) {
            world.namespace(name).set("k", 1);
            world.namespace(name).add("k", 1);
            world.namespace(name).drain();
        }
        world.namespace("a").inc("k");
        late.awaitTold(1);
        all.awaitTold(6);
        assertEquals(
                List.of("a set", "a drain", "ab set", "ab drain", "b set", "b drain"),
                all.events.stream()
                        .map(event ->
                                event.namespace() + " " + event.operation().text())
                        .toList());
    }

    @Test
    public void filter_thatChanges_holdsFromThenOn() {
        listened(all, "a", "inc");
        world.namespace("a").inc("k");
        world.namespace("b").inc("k");
        listen(all, "b", "inc");
        world.namespace("a").inc("k");
        world.namespace("b").inc("k");
        all.awaitTold(2);
        listen(all, "b", "increments"); // nonsense
        world.namespace("b").inc("k");
        assertEquals(
                List.of("a", "b"),
                all.events.stream().map(CounterEvent::namespace).toList());
        assertEquals(false, world.namespace("b").isObserved());
        listen(all, "b", "inc");
        world.namespace("b").inc("k");
        all.awaitTold(3);
    }

    @Test
    public void namespace_ofWhichNobodyHears_isNotObserved() {
        listened(all, "a", "inc");
        world.namespace("b").inc("k");
        assertEquals(true, world.namespace("a").isObserved());
        assertEquals(false, world.namespace("b").isObserved());
        world.telemetry.unbind(all);
        assertEquals(false, world.namespace("a").isObserved());
    }

    @Test
    public void listener_thatHangs_isNoMatterToCallers() {
        CountDownLatch hang = new CountDownLatch(1);
        Recorder slow = new Recorder() {
            @Override
            public void onOperation(CounterEvent event) {
                try {
                    hang.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.onOperation(event);
            }
        };
        listened(all);
        listen(slow);
        Counter handle = world.namespace("ns").counter("k");
        int calls = 3 * CounterListener.QUEUE_CAPACITY;
        for (int i = 0; i < calls; i++) {
            handle.inc();
        }
        assertEquals(calls, handle.get().getAsLong());
        assertEquals(0, slow.counted.get());
        all.awaitTold(calls);
        hang.countDown();
        slow.awaitTold(calls);
        assertTrue("missed " + slow.missed, slow.missed.get() >= calls - CounterListener.QUEUE_CAPACITY - 1);
    }

    @Test
    public void listener_thatThrows_isToldTheRest() {
        Recorder throwing = new Recorder() {
            @Override
            public void onOperation(CounterEvent event) {
                super.onOperation(event);
                switch ((int) event.value().getAsLong() % 4) {
                    case 0 -> throw new IllegalStateException("on purpose");
                    case 1 -> throw new AssertionError("on purpose");
                    case 2 -> throw new StackOverflowError("on purpose");
                    default -> throw new NoClassDefFoundError("on purpose");
                }
            }
        };
        listened(throwing);
        for (int i = 0; i < 8; i++) {
            world.namespace("ns").inc("k");
        }
        throwing.awaitTold(8);
    }

    @Test
    public void listener_thatLeavesFromInside_isNotWaitedFor() {
        AtomicBoolean interrupted = new AtomicBoolean();
        Recorder leaving = new Recorder() {
            @Override
            public void onOperation(CounterEvent event) {
                world.telemetry.unbind(this);
                interrupted.set(Thread.currentThread().isInterrupted()); // as one that does not return is
                super.onOperation(event);
            }
        };
        listened(leaving);
        world.namespace("ns").inc("k");
        world.namespace("ns").inc("k");
        leaving.awaitTold(1);
        assertEquals(false, interrupted.get());
    }

    @Test
    public void listener_thatHasLeft_isNotReferredTo() {
        world.bind(RealBackends.ets(), "ets");
        Counter handle = world.namespace("ns").counter("k");
        WeakReference<CounterListener> gone = comeAndGo(handle);
        await().until(() -> {
            System.gc();
            return gone.get() == null;
        });
        handle.inc();
        assertEquals(11, world.namespace("ns").inc("k"));
    }

    private WeakReference<CounterListener> comeAndGo(Counter handle) {
        Recorder leaving = new Recorder();
        listen(leaving);
        for (int i = 0; i < 9; i++) {
            handle.inc();
        }
        leaving.awaitTold(9);
        world.telemetry.unbind(leaving);
        return new WeakReference<>(leaving);
    }

    @Test
    public void listener_thatCountsItself_isUnboundedOnlyInTime() {
        AtomicLong told = new AtomicLong();
        CounterListener counting = event -> {
            told.incrementAndGet();
            world.namespace("ns").add("told", 1);
            world.namespace("ns").add("told", 1);
        };
        listened(counting);
        world.namespace("ns").inc("k");
        await().until(() -> told.get() > 2L * CounterListener.QUEUE_CAPACITY);
        assertEquals(2, world.namespace("ns").inc("k"));
        world.telemetry.unbind(counting);
        long then = told.get();
        world.namespace("ns").inc("k");
        assertEquals(then, told.get());
    }

    /** Namespaces move, listeners come and go, and namespaces are made meanwhile: one listener stays and is told everything. */
    @Test
    public void everyOperation_whileMovesAndListenersComeAndGo_isToldOnceAndCountedOnce() throws InterruptedException {
        BackendHandle ets = listened(all);
        BackendHandle atomics = world.bind(RealBackends.atomics(10_000, true), "atomics");
        BackendHandle counters = world.bind(RealBackends.counters(10_000), "counters");
        AtomicLong operations = new AtomicLong();
        Recorder coming = new Recorder();
        CounterNamespace ns = world.namespace("moved");
        List<Thread> threads = List.of(
                new Thread(() -> count(() -> ns.inc("k"), operations)),
                new Thread(() -> count(() -> ns.counter("k").inc(), operations)),
                new Thread(() -> {
                    for (int i = 0; i < 200; i++) {
                        world.namespace("new" + i).inc("k");
                        operations.incrementAndGet();
                    }
                }));
        threads.forEach(Thread::start);
        for (int i = 0; threads.stream().anyMatch(Thread::isAlive); i++) {
            world.swap("moved", List.of(atomics, counters, ets).get(i % 3));
            listen(coming, "m*", "inc");
            world.telemetry.unbind(coming);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(2L * CALLS, ns.get("k").getAsLong());
        all.awaitTold(operations.get());
    }

    @Test
    public void namespaces_thatAreNew_areToldToWhoeverListens() throws Exception {
        listened(all);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        int names = 5_000;
        try {
            List<Future<?>> callers = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                callers.add(threads.submit(() -> {
                    for (int i = 0; i < names; i++) {
                        world.namespace("new" + i).inc("k");
                    }
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        } finally {
            threads.shutdown();
        }
        all.awaitTold(2L * names);
    }

    @Test
    public void namespaces_thatAreMadeWhileListenersComeAndGo_areObservedAsLongAsThereIsOne() throws Exception {
        world.bind(RealBackends.ets(), "ets");
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 300; round++) {
                boolean comes = round % 2 == 0;
                String name = "round" + round + "-";
                Future<?> maker = threads.submit(() -> {
                    for (int i = 0; i < 10; i++) {
                        world.namespace(name + i);
                    }
                });
                if (comes) {
                    listen(all);
                } else {
                    world.telemetry.unbind(all);
                }
                maker.get();
                for (int i = 0; i < 10; i++) {
                    assertEquals(name + i, comes, world.namespace(name + i).isObserved());
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void count(Runnable call, AtomicLong operations) {
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        operations.addAndGet(CALLS);
    }
}
