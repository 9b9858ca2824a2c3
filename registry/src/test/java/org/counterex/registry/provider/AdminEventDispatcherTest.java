package org.counterex.registry.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterNamespace;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.RegistryListener;
import org.counterex.registry.provider.admin.SweepComponent;
import org.counterex.registry.provider.backend.BackendHandle;
import org.junit.Rule;
import org.junit.Test;

/** Administrative events are published in order, on one thread, without affecting the threads that cause them. */
public class AdminEventDispatcherTest {

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final Recorder recorder = new Recorder();

    /** Records the events as lines, and the threads that delivered them. */
    private static class Recorder implements RegistryListener {

        final List<String> lines = new CopyOnWriteArrayList<>();
        final Set<Thread> threads = ConcurrentHashMap.newKeySet();

        void record(String line) {
            threads.add(Thread.currentThread());
            lines.add(line);
        }

        @Override
        public void backendArrived(BackendDTO backend) {
            record("arrived " + backend.type + "/" + backend.name + " " + backend.retention + " " + backend.claims);
        }

        @Override
        public void backendLeft(BackendDTO backend) {
            record("left " + backend.type + "/" + backend.name);
        }

        @Override
        public void moved(MoveDTO move) {
            record(move.outcome + " " + move.namespace + " " + move.from + " " + move.to + " " + move.sum);
        }

        @Override
        public void capacityExceeded(String namespace, String backend, String reason) {
            record("full " + namespace + " " + backend + " " + reason);
        }

        @Override
        public void swept(String namespace, long counters, String sum) {
            record("swept " + namespace + " " + counters + " " + sum);
        }

        void awaitLines(String... expected) {
            soon().untilAsserted(() -> assertEquals(List.of(expected), lines));
        }
    }

    private static ConditionFactory soon() {
        return await().pollInterval(1, TimeUnit.MILLISECONDS);
    }

    @Test
    public void arrivalMoveAndDeparture_arePublishedInOrder() {
        registry.events.bind(recorder);
        BackendHandle ets = registry.bind(RealBackends.ets(), "ets", "counterex.namespaces", "a*");
        registry.namespace("ns").inc("k", Long.MAX_VALUE);
        registry.namespace("ns").inc("l", Long.MAX_VALUE);
        BackendHandle small = registry.bind(RealBackends.atomics(1, true), "atomics", "counterex.name", "small");
        assertThrows(MoveRefusedException.class, () -> registry.swap("ns", small));
        BackendHandle large = registry.bind(RealBackends.atomics(10, true), "atomics", "counterex.name", "large");
        registry.swap("ns", large);
        registry.unbind(large);
        registry.unbind(small);
        registry.unbind(ets);
        recorder.awaitLines(
                "arrived ets/ets none [a*]",
                "arrived atomics/small none []",
                "refused ns ets/ets atomics/small 0",
                "arrived atomics/large none []",
                "moved ns ets/ets atomics/large 18446744073709551614",
                "moved ns atomics/large ets/ets 18446744073709551614",
                "left atomics/large",
                "left atomics/small",
                "moved ns ets/ets parking 18446744073709551614",
                "left ets/ets");
        assertEquals(1, recorder.threads.size());
    }

    @Test
    public void capacityExceeded_inALoop_isRateLimited() {
        registry.bind(RealBackends.atomics(1, true), "ets");
        registry.events.bind(recorder);
        CounterNamespace ns = registry.namespace("ns");
        ns.inc("k");
        long started = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            assertThrows(CapacityExceededException.class, () -> ns.add("l", 1));
        }
        assertThrows(CapacityExceededException.class, ns.counter("l")::inc);
        long seconds = (System.nanoTime() - started) / 1_000_000_000;
        registry.namespace("other").inc("k");
        assertThrows(
                CapacityExceededException.class,
                () -> registry.namespace("other").set("l", 1));
        String other = "full other ets/ets namespace is full: namespace=other key=l capacity=1";
        soon().until(() -> recorder.lines.contains(other));
        assertEquals("full ns ets/ets namespace is full: namespace=ns key=l capacity=1", recorder.lines.get(0));
        assertTrue("in " + seconds + " s: " + recorder.lines, recorder.lines.size() <= 2 + seconds);
    }

    @Test
    public void listener_thatThrows_doesNotAffectOthers() {
        registry.events.bind(new RegistryListener() {
            @Override
            public void backendArrived(BackendDTO backend) {
                throw new StackOverflowError("on purpose");
            }
        });
        registry.events.bind(recorder);
        BackendHandle ets = registry.bind(RealBackends.ets(), "ets");
        registry.unbind(ets);
        recorder.awaitLines("arrived ets/ets none []", "left ets/ets");
    }

    @Test
    public void listener_thatHangs_doesNotDelayMoves() {
        CountDownLatch hang = new CountDownLatch(1);
        registry.events.bind(new RegistryListener() {
            @Override
            public void backendArrived(BackendDTO backend) {
                try {
                    hang.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        registry.events.bind(recorder);
        BackendHandle ets = registry.bind(RealBackends.ets(), "ets");
        BackendHandle atomics = registry.bind(RealBackends.atomics(10, true), "atomics");
        registry.namespace("ns").inc("k");
        for (int i = 0; i < 100; i++) {
            registry.swap("ns", i % 2 == 0 ? atomics : ets);
        }
        assertEquals(List.of(), recorder.lines);
        hang.countDown();
        soon().until(() -> recorder.lines.size() == 102);
    }

    @Test
    public void listener_afterUnbind_isNotCalled() {
        registry.events.bind(recorder);
        BackendHandle ets = registry.bind(RealBackends.ets(), "ets");
        recorder.awaitLines("arrived ets/ets none []");
        registry.events.unbind(recorder);
        Recorder other = new Recorder();
        registry.events.bind(other);
        registry.unbind(ets);
        other.awaitLines("left ets/ets");
        assertEquals(1, recorder.lines.size());
    }

    @Test
    public void sweep_isPublished() {
        registry.bind(RealBackends.ets(), "ets");
        registry.namespace("swept").set("k", Long.MAX_VALUE);
        registry.namespace("swept").set("l", Long.MAX_VALUE);
        registry.events.bind(recorder);
        SweepComponent sweep = new SweepComponent(
                Map.of("namespaces", "swept", "intervalMs", 1), registry.counters(), registry.events, null);
        sweep.start();
        recorder.awaitLines("swept swept 2 18446744073709551614");
        sweep.stop();
    }
}
