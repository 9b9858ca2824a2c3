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
import org.junit.Rule;
import org.junit.Test;

/** Listeners receive every operation once, and do not affect the callers. */
public class ListenerRegistryTest {

    private static final int CALLS = 100_000;

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final Recorder recorder = new Recorder();

    /** Records the events. */
    private static class Recorder implements CounterListener {

        final Queue<CounterEvent> events = new ConcurrentLinkedQueue<>();
        final AtomicLong received = new AtomicLong();
        final AtomicLong dropped = new AtomicLong();

        @Override
        public void onOperation(CounterEvent event) {
            if (received.incrementAndGet() <= 1_000) {
                events.add(event);
            }
        }

        @Override
        public void onDropped(long more) {
            dropped.addAndGet(more);
        }

        long total() {
            return received.get() + dropped.get();
        }

        void awaitTotal(long operations) {
            await().pollInterval(1, TimeUnit.MILLISECONDS).untilAsserted(() -> assertEquals(operations, total()));
        }
    }

    private BackendHandle bindListened(CounterListener listener, String... properties) {
        BackendHandle backend = registry.bind(RealBackends.ets(), "ets");
        listen(listener, properties);
        return backend;
    }

    private void listen(CounterListener listener, String... properties) {
        registry.listeners.bind(
                listener,
                properties.length == 0
                        ? Map.of()
                        : Map.of(CounterListener.NAMESPACES, properties[0], CounterListener.OPERATIONS, properties[1]));
    }

    private static CounterEvent event(Operation operation, String key, long amount, Long value, boolean success) {
        OptionalLong optional = value == null ? OptionalLong.empty() : OptionalLong.of(value);
        return new CounterEvent("ets/ets", operation, "ns", key, amount, optional, success);
    }

    @Test
    public void operations_ofNamespace_arePublished() {
        bindListened(recorder);
        CounterNamespace ns = registry.namespace("ns");
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
        recorder.awaitTotal(expected.size());
        assertEquals(expected, List.copyOf(recorder.events));
    }

    @Test
    public void operations_ofHandleWithCell_arePublished() {
        registry.bind(RealBackends.ets(), "ets");
        Counter handle = registry.namespace("ns").counter("k");
        handle.inc();
        handle.inc();
        listen(recorder);
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
        recorder.awaitTotal(expected.size());
        assertEquals(expected, List.copyOf(recorder.events));
    }

    @Test
    public void operations_thatFail_arePublishedAsFailed() {
        registry.bind(RealBackends.atomics(1, false), "ets");
        listen(recorder);
        CounterNamespace ns = registry.namespace("ns");
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
        recorder.awaitTotal(expected.size());
        assertEquals(expected, List.copyOf(recorder.events));
    }

    @Test
    public void operations_withoutBackend_arePublishedAsFailed() {
        listen(recorder);
        for (Supplier<?> call : List.<Supplier<?>>of(
                () -> registry.namespace("ns").inc("k"),
                () -> registry.namespace("ns").drain())) {
            assertThrows(RuntimeException.class, call::get);
        }
        assertThrows(RuntimeException.class, registry.namespace("ns")::deleteAll);
        assertThrows(RuntimeException.class, () -> registry.namespace("ns").delete("k"));
        recorder.awaitTotal(4);
        assertTrue(recorder.events.stream().noneMatch(CounterEvent::success));
    }

    @Test
    public void listener_withFilter_receivesMatchingEvents() {
        bindListened(recorder, "a*, b", "set, drain");
        Recorder late = new Recorder();
        listen(late, "*", "inc");
        for (String name : List.of("a", "ab", "b", "bc")) {
            registry.namespace(name).set("k", 1);
            registry.namespace(name).add("k", 1);
            registry.namespace(name).drain();
        }
        registry.namespace("a").inc("k");
        late.awaitTotal(1);
        recorder.awaitTotal(6);
        assertEquals(
                List.of("a set", "a drain", "ab set", "ab drain", "b set", "b drain"),
                recorder.events.stream()
                        .map(event ->
                                event.namespace() + " " + event.operation().text())
                        .toList());
    }

    @Test
    public void filter_onChange_appliesAtOnce() {
        bindListened(recorder, "a", "inc");
        registry.namespace("a").inc("k");
        registry.namespace("b").inc("k");
        listen(recorder, "b", "inc");
        registry.namespace("a").inc("k");
        registry.namespace("b").inc("k");
        recorder.awaitTotal(2);
        listen(recorder, "b", "increments"); // invalid
        registry.namespace("b").inc("k");
        assertEquals(
                List.of("a", "b"),
                recorder.events.stream().map(CounterEvent::namespace).toList());
        assertEquals(false, registry.namespace("b").isObserved());
        listen(recorder, "b", "inc");
        registry.namespace("b").inc("k");
        recorder.awaitTotal(3);
    }

    @Test
    public void namespace_withoutListener_isNotObserved() {
        bindListened(recorder, "a", "inc");
        registry.namespace("b").inc("k");
        assertEquals(true, registry.namespace("a").isObserved());
        assertEquals(false, registry.namespace("b").isObserved());
        registry.listeners.unbind(recorder);
        assertEquals(false, registry.namespace("a").isObserved());
    }

    @Test
    public void listener_thatHangs_doesNotDelayCallers() {
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
        bindListened(recorder);
        listen(slow);
        Counter handle = registry.namespace("ns").counter("k");
        int calls = 3 * CounterListener.QUEUE_CAPACITY;
        for (int i = 0; i < calls; i++) {
            handle.inc();
        }
        assertEquals(calls, handle.get().getAsLong());
        assertEquals(0, slow.received.get());
        recorder.awaitTotal(calls);
        hang.countDown();
        slow.awaitTotal(calls);
        assertTrue("dropped " + slow.dropped, slow.dropped.get() >= calls - CounterListener.QUEUE_CAPACITY - 1);
    }

    @Test
    public void listener_thatThrows_receivesLaterEvents() {
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
        bindListened(throwing);
        for (int i = 0; i < 8; i++) {
            registry.namespace("ns").inc("k");
        }
        throwing.awaitTotal(8);
    }

    @Test
    public void listener_unboundFromInside_isNotAwaited() {
        AtomicBoolean interrupted = new AtomicBoolean();
        Recorder leaving = new Recorder() {
            @Override
            public void onOperation(CounterEvent event) {
                registry.listeners.unbind(this);
                interrupted.set(Thread.currentThread().isInterrupted()); // an unbind that times out interrupts
                super.onOperation(event);
            }
        };
        bindListened(leaving);
        registry.namespace("ns").inc("k");
        registry.namespace("ns").inc("k");
        leaving.awaitTotal(1);
        assertEquals(false, interrupted.get());
    }

    @Test
    public void listener_afterUnbind_isCollectable() {
        registry.bind(RealBackends.ets(), "ets");
        Counter handle = registry.namespace("ns").counter("k");
        WeakReference<CounterListener> reference = bindAndUnbind(handle);
        await().until(() -> {
            System.gc();
            return reference.get() == null;
        });
        handle.inc();
        assertEquals(11, registry.namespace("ns").inc("k"));
    }

    private WeakReference<CounterListener> bindAndUnbind(Counter handle) {
        Recorder leaving = new Recorder();
        listen(leaving);
        for (int i = 0; i < 9; i++) {
            handle.inc();
        }
        leaving.awaitTotal(9);
        registry.listeners.unbind(leaving);
        return new WeakReference<>(leaving);
    }

    @Test
    public void listener_thatCounts_blocksNoCaller() {
        AtomicLong events = new AtomicLong();
        CounterListener counting = event -> {
            events.incrementAndGet();
            registry.namespace("ns").add("derived", 1);
            registry.namespace("ns").add("derived", 1);
        };
        bindListened(counting);
        registry.namespace("ns").inc("k");
        await().until(() -> events.get() > 2L * CounterListener.QUEUE_CAPACITY);
        assertEquals(2, registry.namespace("ns").inc("k"));
        registry.listeners.unbind(counting);
        long before = events.get();
        registry.namespace("ns").inc("k");
        assertEquals(before, events.get());
    }

    /**
     * Namespaces move and are created while listeners are bound and unbound: a listener that stays receives everything.
     */
    @Test
    public void operations_underMovesAndListeners_arePublishedOnce() throws InterruptedException {
        BackendHandle ets = bindListened(recorder);
        BackendHandle atomics = registry.bind(RealBackends.atomics(10_000, true), "atomics");
        BackendHandle counters = registry.bind(RealBackends.counters(10_000), "counters");
        AtomicLong operations = new AtomicLong();
        Recorder temporary = new Recorder();
        CounterNamespace ns = registry.namespace("moved");
        List<Thread> threads = List.of(
                new Thread(() -> repeat(() -> ns.inc("k"), operations)),
                new Thread(() -> repeat(() -> ns.counter("k").inc(), operations)),
                new Thread(() -> {
                    for (int i = 0; i < 200; i++) {
                        registry.namespace("new" + i).inc("k");
                        operations.incrementAndGet();
                    }
                }));
        threads.forEach(Thread::start);
        for (int i = 0; threads.stream().anyMatch(Thread::isAlive); i++) {
            registry.swap("moved", List.of(atomics, counters, ets).get(i % 3));
            listen(temporary, "m*", "inc");
            registry.listeners.unbind(temporary);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(2L * CALLS, ns.get("k").getAsLong());
        recorder.awaitTotal(operations.get());
    }

    @Test
    public void newNamespaces_withListener_arePublished() throws Exception {
        bindListened(recorder);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        int names = 5_000;
        try {
            List<Future<?>> callers = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                callers.add(threads.submit(() -> {
                    for (int i = 0; i < names; i++) {
                        registry.namespace("new" + i).inc("k");
                    }
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        } finally {
            threads.shutdown();
        }
        recorder.awaitTotal(2L * names);
    }

    @Test
    public void newNamespaces_racingWithListeners_areObserved() throws Exception {
        registry.bind(RealBackends.ets(), "ets");
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 300; round++) {
                boolean bind = round % 2 == 0;
                String name = "round" + round + "-";
                Future<?> creator = threads.submit(() -> {
                    for (int i = 0; i < 10; i++) {
                        registry.namespace(name + i);
                    }
                });
                if (bind) {
                    listen(recorder);
                } else {
                    registry.listeners.unbind(recorder);
                }
                creator.get();
                for (int i = 0; i < 10; i++) {
                    assertEquals(name + i, bind, registry.namespace(name + i).isObserved());
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void repeat(Runnable call, AtomicLong operations) {
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        operations.addAndGet(CALLS);
    }
}
