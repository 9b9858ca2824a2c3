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
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.RegistryListener;
import org.counterex.registry.provider.admin.SweepComponent;
import org.counterex.registry.provider.backend.BackendHandle;
import org.junit.After;
import org.junit.Test;

/** What happens seldom is told in order, by one thread, and hurts nobody who causes it. */
public class AdminEventDispatcherTest {

    private final TestRegistry world = new TestRegistry();
    private final Recorder all = new Recorder();

    @After
    public void close() {
        world.close();
    }

    /** Remembers what it is told, as lines, and by which threads. */
    private static class Recorder implements RegistryListener {

        final List<String> lines = new CopyOnWriteArrayList<>();
        final Set<Thread> threads = ConcurrentHashMap.newKeySet();

        void told(String line) {
            threads.add(Thread.currentThread());
            lines.add(line);
        }

        @Override
        public void backendArrived(BackendDTO backend) {
            told("arrived " + CounterNames.backendLabel(backend.type, backend.name) + " " + backend.retention + " "
                    + backend.claims);
        }

        @Override
        public void backendLeft(BackendDTO backend) {
            told("left " + CounterNames.backendLabel(backend.type, backend.name));
        }

        @Override
        public void moved(MoveDTO move) {
            told(move.outcome + " " + move.namespace + " " + move.from + " " + move.to + " " + move.sum);
        }

        @Override
        public void capacityExceeded(String namespace, String backend, String reason) {
            told("full " + namespace + " " + backend + " " + reason);
        }

        @Override
        public void swept(String namespace, long counters, String sum) {
            told("swept " + namespace + " " + counters + " " + sum);
        }

        void awaitLines(String... expected) {
            soon().untilAsserted(() -> assertEquals(List.of(expected), lines));
        }
    }

    private static ConditionFactory soon() {
        return await().pollInterval(1, TimeUnit.MILLISECONDS);
    }

    @Test
    public void comingMovingAndLeaving_areToldInOrder() {
        world.events.bind(all);
        BackendHandle ets = world.bind(RealBackends.ets(), "ets", "counterex.namespaces", "a*");
        world.namespace("ns").inc("k", Long.MAX_VALUE);
        world.namespace("ns").inc("l", Long.MAX_VALUE);
        BackendHandle small = world.bind(RealBackends.atomics(1, true), "atomics", "counterex.name", "small");
        assertThrows(MoveRefusedException.class, () -> world.swap("ns", small));
        BackendHandle large = world.bind(RealBackends.atomics(10, true), "atomics", "counterex.name", "large");
        world.swap("ns", large);
        world.unbind(large);
        world.unbind(small);
        world.unbind(ets);
        all.awaitLines(
                "arrived ets/ets no [a*]",
                "arrived atomics/small no []",
                "refused ns ets/ets atomics/small 0",
                "arrived atomics/large no []",
                "moved ns ets/ets atomics/large 18446744073709551614",
                "moved ns atomics/large ets/ets 18446744073709551614",
                "left atomics/large",
                "left atomics/small",
                "moved ns ets/ets parking 18446744073709551614",
                "left ets/ets");
        assertEquals(1, all.threads.size());
    }

    @Test
    public void capacity_thatIsExceededInALoop_isToldNowAndThen() {
        world.bind(RealBackends.atomics(1, true), "ets");
        world.events.bind(all);
        CounterNamespace ns = world.namespace("ns");
        ns.inc("k");
        long begun = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            assertThrows(CapacityExceededException.class, () -> ns.add("l", 1));
        }
        assertThrows(CapacityExceededException.class, ns.counter("l")::inc);
        long seconds = (System.nanoTime() - begun) / 1_000_000_000;
        world.namespace("other").inc("k");
        assertThrows(
                CapacityExceededException.class, () -> world.namespace("other").set("l", 1));
        String other = "full other ets/ets namespace is full: namespace=other key=l capacity=1";
        soon().until(() -> all.lines.contains(other));
        assertEquals("full ns ets/ets namespace is full: namespace=ns key=l capacity=1", all.lines.get(0));
        assertTrue("in " + seconds + " s: " + all.lines, all.lines.size() <= 2 + seconds);
    }

    @Test
    public void listener_thatThrows_keepsNothingFromTheOthers() {
        world.events.bind(new RegistryListener() {
            @Override
            public void backendArrived(BackendDTO backend) {
                throw new StackOverflowError("on purpose");
            }
        });
        world.events.bind(all);
        BackendHandle ets = world.bind(RealBackends.ets(), "ets");
        world.unbind(ets);
        all.awaitLines("arrived ets/ets no []", "left ets/ets");
    }

    @Test
    public void listener_thatHangs_isNoMatterToThoseWhoMove() {
        CountDownLatch hang = new CountDownLatch(1);
        world.events.bind(new RegistryListener() {
            @Override
            public void backendArrived(BackendDTO backend) {
                try {
                    hang.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        world.events.bind(all);
        BackendHandle ets = world.bind(RealBackends.ets(), "ets");
        BackendHandle atomics = world.bind(RealBackends.atomics(10, true), "atomics");
        world.namespace("ns").inc("k");
        for (int i = 0; i < 100; i++) {
            world.swap("ns", i % 2 == 0 ? atomics : ets);
        }
        assertEquals(List.of(), all.lines);
        hang.countDown();
        soon().until(() -> all.lines.size() == 102);
    }

    @Test
    public void listener_thatHasLeft_isToldNothing() {
        world.events.bind(all);
        BackendHandle ets = world.bind(RealBackends.ets(), "ets");
        all.awaitLines("arrived ets/ets no []");
        world.events.unbind(all);
        Recorder other = new Recorder();
        world.events.bind(other);
        world.unbind(ets);
        other.awaitLines("left ets/ets");
        assertEquals(1, all.lines.size());
    }

    @Test
    public void sweeps_areTold() {
        world.bind(RealBackends.ets(), "ets");
        world.namespace("swept").set("k", Long.MAX_VALUE);
        world.namespace("swept").set("l", Long.MAX_VALUE);
        world.events.bind(all);
        SweepComponent sweep = new SweepComponent(
                Map.of("namespaces", "swept", "intervalMs", 1), world.mover.counters(), world.events, null);
        sweep.start();
        all.awaitLines("swept swept 2 18446744073709551614");
        sweep.stop();
    }
}
