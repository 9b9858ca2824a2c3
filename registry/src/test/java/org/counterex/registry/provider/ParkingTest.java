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
import org.junit.Rule;
import org.junit.Test;

/** Namespaces without a backend, and across a stop and start of the registry. */
public class ParkingTest {

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final CounterNamespace namespace = registry.namespace("ns");
    private final long seed = System.nanoTime();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @After
    public void close() {
        threads.shutdownNow();
    }

    @Test
    public void calls_beforeAnyBackend_areRejected() {
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
        registry.bind(new MapBackend("table"), "ets");
        assertEquals(1, namespace.inc("k"));
    }

    @Test
    public void namespaces_afterBackendLeft_areParked() {
        registry.unbind(registry.bind(new MapBackend("table"), "ets"));
        assertEquals(0, namespace.get("absent").orElse(0));
        assertEquals(1, namespace.inc("k"));
        assertEquals("parking", registry.storeOf("ns"));
        registry.bind(new MapBackend("table"), "ets");
        assertEquals("ets/ets", registry.storeOf("ns"));
        assertEquals(2, namespace.inc("k"));
    }

    @Test
    public void parking_afterItsLimit_rejectsCallsAndKeepsCounts() {
        try (TestRegistry impatient = new TestRegistry(500, 50)) {
            BackendHandle table = impatient.bind(new MapBackend("table"), "ets");
            CounterNamespace parked = impatient.namespace("ns");
            var handle = parked.counter("k");
            handle.inc(5);
            impatient.unbind(table);
            await().atMost(10, TimeUnit.SECONDS).until(() -> !accepts(parked));
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
            // The limit of a namespace begins when it is placed.
            assertEquals(1, impatient.namespace("later").inc("k"));
            impatient.bind(new MapBackend("table"), "ets");
            assertEquals(6, handle.inc());
        }
    }

    private static boolean accepts(CounterNamespace parked) {
        try {
            parked.get("k");
            return true;
        } catch (NoBackendException e) {
            return false;
        }
    }

    @Test
    public void expiredCounts_afterStop_areRestored() {
        TestRegistry impatient = new TestRegistry(500, 20);
        impatient.unbind(impatient.bind(new MapBackend("table"), "ets"));
        CounterNamespace parked = impatient.namespace("ns");
        parked.inc("k", 5);
        await().atMost(10, TimeUnit.SECONDS).until(() -> !accepts(parked));
        registry.load(impatient.stop(), impatient.retention.get());
        impatient.end();
        assertEquals(5, namespace.get("k").getAsLong());
    }

    @Test
    public void counters_afterStop_areRestored() {
        Random random = new Random(seed);
        Map<String, Map<String, Long>> counters = new HashMap<>();
        registry.bind(new MapBackend("table"), "ets");
        registry.bind(new PlainBackend(), "plain", "counterex.namespaces", "plain*");
        registry.unbind(
                registry.bind(new BoundedBackend("gone", 5_000, true), "gone", "counterex.namespaces", "gone*"));
        for (String kind : List.of("ets", "plain", "gone")) {
            for (int n = 0; n < 5; n++) {
                Map<String, Long> all = new HashMap<>();
                String name = kind + randomName(random);
                for (int k = 0; k < 300; k++) {
                    String key = randomName(random);
                    long value = random.nextInt(4) == 0
                            ? random.nextInt(3) - Long.MAX_VALUE
                            : (random.nextLong() | 1) >> random.nextInt(64);
                    value = random.nextBoolean() ? value : -value;
                    all.put(key, value);
                    registry.namespace(name).set(key, value);
                }
                counters.put(name, all);
            }
        }
        List<SnapshotFile.Entry> parked = registry.stop();
        try (TestRegistry next = new TestRegistry()) {
            next.load(parked, Map.of());
            assertEquals("seed " + seed, counters.keySet(), next.counters().namespaces());
            counters.forEach((name, all) ->
                    assertEquals("seed " + seed, all, next.namespace(name).getAll()));
        }
    }

    /** Returns any valid name: characters of all planes, control characters, up to the maximum length. */
    private static String randomName(Random random) {
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
    public void calls_afterStop_areRejected() {
        registry.bind(new MapBackend("table"), "ets");
        var handle = namespace.counter("k");
        handle.inc();
        namespace.inc("wide", Long.MAX_VALUE);
        registry.stop();
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
            () -> registry.namespace("unknown").inc("k"),
            () -> registry.counters().namespaces()
        }) {
            assertThrows(NoBackendException.class, call::run);
        }
    }

    @Test
    public void stop_underWriters_savesAcknowledgedCounts() throws Exception {
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
                stopped.submit(() -> {
                    for (int n = 0; n < 40; n++) {
                        stopped.swapOnControlThread(stopped.namespace("t" + n), plain);
                        stopped.swapOnControlThread(stopped.namespace("p" + n), table);
                    }
                    return null;
                });
            }
            Map<String, Long> parked = new HashMap<>();
            for (SnapshotFile.Entry entry : stopped.stop()) {
                assertEquals("", entry.retainingBackend());
                parked.merge(entry.namespace() + "/" + entry.key(), entry.value(), Long::sum);
            }
            stopped.end();
            for (Future<?> writer : writers) {
                writer.get(10, TimeUnit.SECONDS);
            }
            Map<String, Long> expected = new HashMap<>();
            acknowledged.forEach((name, count) -> expected.put(name, count.sum()));
            assertEquals("seed " + seed, expected, parked);
        }
    }

    @Test
    public void stop_failingOnOneCounter_savesAllOthers() {
        PlainBackend service = new PlainBackend();
        registry.bind(service, "plain");
        Map<String, Long> counters = new HashMap<>();
        for (int k = 0; k < 40; k++) {
            counters.put("k" + k, namespace.inc("k" + k, k + 1));
        }
        service.before = PlainBackend.Fault.onKey("k7", "get");
        Map<String, Long> parked = new HashMap<>();
        registry.stop().forEach(entry -> parked.put(entry.key(), entry.value()));
        counters.remove("k7");
        assertEquals(counters, parked);
    }

    @Test
    public void stop_failingToDelete_losesNothing() {
        PlainBackend service = new PlainBackend();
        registry.bind(service, "plain");
        Map<String, Long> counters = new HashMap<>();
        for (int k = 0; k < 40; k++) {
            counters.put("k" + k, namespace.inc("k" + k, k + 1));
        }
        service.before = PlainBackend.Fault.onKey("k7", "delete");
        Map<String, Long> parked = new HashMap<>();
        registry.stop().forEach(entry -> parked.put(entry.key(), entry.value()));
        assertEquals(counters, parked);
    }

    @Test
    public void stop_withHangingBackend_endsInTime() {
        TestRegistry stopped = new TestRegistry(200, 0);
        PlainBackend service = new PlainBackend();
        stopped.bind(service, "plain");
        for (int k = 0; k < 40; k++) {
            stopped.namespace("ns").inc("k" + k, k + 1);
        }
        Hang hang = Hang.in("get", "k7");
        service.before = hang;
        Map<String, Long> parked = new HashMap<>();
        stopped.stop().forEach(entry -> parked.put(entry.key(), entry.value()));
        hang.release();
        stopped.end();
        Map<String, Long> all = service.contents("ns");
        parked.forEach((key, value) -> all.merge(key, value, Long::sum));
        assertEquals(40, all.size());
        all.forEach((key, value) -> assertEquals(key, "k" + (value - 1)));
    }

    @Test
    public void unbind_duringOrAfterStop_returns() throws Exception {
        BackendHandle table = registry.bind(new MapBackend("table"), "ets");
        BackendHandle plain = registry.bind(new PlainBackend(), "plain");
        namespace.inc("k");
        Future<?> during = threads.submit(() -> registry.unbind(plain));
        List<SnapshotFile.Entry> parked = registry.stop();
        Future<?> after = threads.submit(() -> registry.unbind(table));
        registry.end();
        during.get(10, TimeUnit.SECONDS);
        after.get(10, TimeUnit.SECONDS);
        assertTrue(parked.contains(new SnapshotFile.Entry("ns", "", "k", 1)));
    }
}
