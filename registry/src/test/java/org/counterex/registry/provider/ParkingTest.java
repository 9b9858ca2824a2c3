package org.counterex.registry.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.counterex.api.CounterNamespace;
import org.counterex.api.NoBackendException;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.snapshot.SnapshotFile;
import org.junit.After;
import org.junit.Test;

/** Where namespaces live without a backend, and across a stop and start of the registry. */
public class ParkingTest {

    private final TestRegistry world = new TestRegistry();
    private final CounterNamespace namespace = world.namespace("ns");
    private final long seed = System.nanoTime();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @After
    public void close() {
        threads.shutdownNow();
        world.close();
    }

    @Test
    public void beforeAnyBackend_everythingIsRefused() {
        for (Runnable call : new Runnable[] {
            () -> namespace.inc("k"),
            () -> namespace.add("k", 1),
            () -> namespace.get("k"),
            () -> namespace.set("k", 1),
            () -> namespace.delete("k"),
            () -> namespace.compareAndSwap("k", 0, 1),
            namespace::getAll,
            namespace::drain,
            () -> namespace.counter("k").inc()
        }) {
            assertThrows(NoBackendException.class, call::run);
        }
        world.bind(new MapBackend("table"), "ets");
        assertEquals(1, namespace.inc("k"));
    }

    @Test
    public void onceABackendWasSeen_namespacesAreBornInParkingAndMoveOn() {
        world.unbind(world.bind(new MapBackend("table"), "ets"));
        assertEquals(0, namespace.get("absent").orElse(0));
        assertEquals(1, namespace.inc("k"));
        assertEquals("parking", world.home("ns"));
        world.bind(new MapBackend("table"), "ets");
        assertEquals("ets/ets", world.home("ns"));
        assertEquals(2, namespace.inc("k"));
    }

    @Test
    public void parkedForTooLong_refusesCallersAndKeepsCounts() {
        try (TestRegistry impatient = new TestRegistry(500, 50)) {
            BackendHandle table = impatient.bind(new MapBackend("table"), "ets");
            CounterNamespace parked = impatient.namespace("ns");
            var handle = parked.counter("k");
            handle.inc(5);
            impatient.unbind(table);
            await().atMost(10, TimeUnit.SECONDS).until(() -> !answers(parked));
            for (Runnable call : new Runnable[] {
                () -> parked.inc("k"),
                () -> parked.add("k", 1),
                () -> parked.inc("new"),
                handle::inc,
                handle::get,
                parked::getAll
            }) {
                assertThrows(NoBackendException.class, call::run);
            }
            // A namespace that is born meanwhile has a time of its own.
            assertEquals(1, impatient.namespace("younger").inc("k"));
            impatient.bind(new MapBackend("table"), "ets");
            assertEquals(6, handle.inc());
        }
    }

    private static boolean answers(CounterNamespace parked) {
        try {
            parked.get("k");
            return true;
        } catch (NoBackendException e) {
            return false;
        }
    }

    @Test
    public void expiredCounts_outliveTheRegistry() {
        TestRegistry impatient = new TestRegistry(500, 20);
        impatient.unbind(impatient.bind(new MapBackend("table"), "ets"));
        CounterNamespace parked = impatient.namespace("ns");
        parked.inc("k", 5);
        await().atMost(10, TimeUnit.SECONDS).until(() -> !answers(parked));
        world.migration.snapshot().restore(impatient.migration.stop(), impatient.kept.get());
        impatient.migration.end();
        assertEquals(5, namespace.get("k").getAsLong());
    }

    @Test
    public void everything_outlivesAStop_onWhateverBackend() {
        Random random = new Random(seed);
        Map<String, Map<String, Long>> counters = new HashMap<>();
        world.bind(new MapBackend("table"), "ets");
        world.bind(new PlainBackend(), "plain", "counterex.namespaces", "plain*");
        world.unbind(world.bind(new BoundedBackend("gone", 5_000, true), "gone", "counterex.namespaces", "gone*"));
        for (String kind : List.of("ets", "plain", "gone")) {
            for (int n = 0; n < 5; n++) {
                Map<String, Long> all = new HashMap<>();
                String name = kind + oddName(random);
                for (int k = 0; k < 300; k++) {
                    String key = oddName(random);
                    long value = random.nextInt(4) == 0
                            ? random.nextInt(3) - Long.MAX_VALUE
                            : (random.nextLong() | 1) >> random.nextInt(64);
                    value = random.nextBoolean() ? value : -value;
                    all.put(key, value);
                    world.namespace(name).set(key, value);
                }
                counters.put(name, all);
            }
        }
        List<SnapshotFile.Entry> parked = world.migration.stop();
        try (TestRegistry next = new TestRegistry()) {
            next.migration.snapshot().restore(parked, Map.of());
            assertEquals(
                    "seed " + seed, counters.keySet(), next.migration.namespaces().root().namespaces());
            counters.forEach((name, all) ->
                    assertEquals("seed " + seed, all, next.namespace(name).getAll()));
        }
    }

    /** Any well-formed name: all planes, controls, and as long as is allowed. */
    private static String oddName(Random random) {
        int length = random.nextInt(20) == 0 ? 1000 : 1 + random.nextInt(12);
        StringBuilder name = new StringBuilder();
        while (name.length() < length) {
            int c = random.nextInt(3) == 0 ? random.nextInt(0x110000) : random.nextInt(0x300);
            if ((c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                    && name.length() + Character.charCount(c) <= length) {
                name.appendCodePoint(c);
            }
        }
        return name.toString();
    }

    @Test
    public void afterAStop_everythingIsRefused() {
        world.bind(new MapBackend("table"), "ets");
        var handle = namespace.counter("k");
        handle.inc();
        namespace.inc("wide", Long.MAX_VALUE);
        world.migration.stop();
        for (Runnable call : new Runnable[] {
            () -> namespace.inc("k"),
            () -> namespace.inc("wide", -1),
            () -> namespace.inc("new"),
            () -> namespace.add("k", 1),
            () -> namespace.get("k"),
            () -> namespace.get("new"),
            () -> namespace.set("k", 1),
            () -> namespace.delete("k"),
            () -> namespace.compareAndSwap("k", 0, 1),
            namespace::getAll,
            namespace::drain,
            handle::inc,
            handle::get,
            () -> world.namespace("never seen").inc("k"),
            () -> world.migration.namespaces().root().namespaces()
        }) {
            assertThrows(NoBackendException.class, call::run);
        }
    }

    @Test
    public void writersRacingAStop_haveExactlyWhatWasAcknowledged() throws Exception {
        for (int round = 0; round < 40; round++) {
            TestRegistry stopped = new TestRegistry();
            BackendHandle table = stopped.bind(new MapBackend("table"), "ets");
            BackendHandle plain = stopped.bind(new PlainBackend(), "plain", "counterex.namespaces", "p*");
            Map<String, LongAdder> acknowledged = new ConcurrentHashMap<>();
            LongAdder calls = new LongAdder();
            Future<?>[] writers = new Future<?>[3];
            for (int t = 0; t < writers.length; t++) {
                Random random = new Random(seed + t);
                writers[t] = threads.submit(() -> {
                    try {
                        for (; ; ) {
                            String name = (random.nextInt(4) == 0 ? "p" : "t") + random.nextInt(40);
                            String key = "k" + random.nextInt(5);
                            if (random.nextBoolean()) {
                                stopped.namespace(name).inc(key);
                            } else {
                                stopped.namespace(name).counter(key).add(1);
                            }
                            acknowledged
                                    .computeIfAbsent(name + "/" + key, absent -> new LongAdder())
                                    .increment();
                            calls.increment();
                        }
                    } catch (NoBackendException e) {
                        return;
                    }
                });
            }
            while (calls.sum() < 200) {
                Thread.onSpinWait();
            }
            if (round % 2 == 0) {
                stopped.migration.loop().submit(() -> {
                    for (int n = 0; n < 40; n++) {
                        stopped.migration.migrator().swap(stopped.namespace("t" + n), plain);
                        stopped.migration.migrator().swap(stopped.namespace("p" + n), table);
                    }
                    return null;
                });
            }
            Map<String, Long> parked = new HashMap<>();
            for (SnapshotFile.Entry entry : stopped.migration.stop()) {
                assertEquals("", entry.retainingBackend());
                parked.merge(entry.namespace() + "/" + entry.key(), entry.value(), Long::sum);
            }
            stopped.migration.end();
            for (Future<?> writer : writers) {
                writer.get(10, TimeUnit.SECONDS);
            }
            Map<String, Long> expected = new HashMap<>();
            acknowledged.forEach((name, count) -> expected.put(name, count.sum()));
            assertEquals("seed " + seed, expected, parked);
        }
    }

    /** A backend that fails on one counter when the registry stops does not take the others with it. */
    @Test
    public void stop_whileABackendFailsOnOneCounter_keepsAllOthers() {
        PlainBackend service = new PlainBackend();
        world.bind(service, "plain");
        Map<String, Long> counters = new HashMap<>();
        for (int k = 0; k < 40; k++) {
            counters.put("k" + k, namespace.inc("k" + k, k + 1));
        }
        service.before = PlainBackend.Fault.onKey("k7", "get");
        Map<String, Long> parked = new HashMap<>();
        world.migration.stop().forEach(entry -> parked.put(entry.key(), entry.value()));
        counters.remove("k7");
        assertEquals(counters, parked);
    }

    @Test
    public void stop_whileABackendFailsToDelete_losesNothing() {
        PlainBackend service = new PlainBackend();
        world.bind(service, "plain");
        Map<String, Long> counters = new HashMap<>();
        for (int k = 0; k < 40; k++) {
            counters.put("k" + k, namespace.inc("k" + k, k + 1));
        }
        service.before = PlainBackend.Fault.onKey("k7", "delete");
        Map<String, Long> parked = new HashMap<>();
        world.migration.stop().forEach(entry -> parked.put(entry.key(), entry.value()));
        assertEquals(counters, parked);
    }

    @Test
    public void stop_whileABackendHangs_keepsWhatWasTakenAndEndsInTime() {
        TestRegistry stopped = new TestRegistry(200, 0);
        PlainBackend service = new PlainBackend();
        stopped.bind(service, "plain");
        for (int k = 0; k < 40; k++) {
            stopped.namespace("ns").inc("k" + k, k + 1);
        }
        Hang hang = Hang.in("get", "k7");
        service.before = hang;
        Map<String, Long> parked = new HashMap<>();
        stopped.migration.stop().forEach(entry -> parked.put(entry.key(), entry.value()));
        hang.release();
        stopped.migration.end();
        Map<String, Long> together = service.held("ns");
        parked.forEach((key, value) -> together.merge(key, value, Long::sum));
        assertEquals(40, together.size());
        together.forEach((key, value) -> assertEquals(key, "k" + (value - 1)));
    }

    @Test
    public void unbind_besideOrAfterAStop_returns() throws Exception {
        BackendHandle table = world.bind(new MapBackend("table"), "ets");
        BackendHandle plain = world.bind(new PlainBackend(), "plain");
        namespace.inc("k");
        Future<?> beside = threads.submit(() -> world.unbind(plain));
        List<SnapshotFile.Entry> parked = world.migration.stop();
        Future<?> after = threads.submit(() -> world.unbind(table));
        world.migration.end();
        beside.get(10, TimeUnit.SECONDS);
        after.get(10, TimeUnit.SECONDS);
        assertTrue(parked.contains(new SnapshotFile.Entry("ns", "", "k", 1)));
    }
}
