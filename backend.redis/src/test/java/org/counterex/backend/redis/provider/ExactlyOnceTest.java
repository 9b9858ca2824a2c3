package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.backend.table.AdditionBuffer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.WriteBufferingBackend;
import org.counterex.backend.redis.provider.client.RedisClient;
import org.counterex.tck.Seed;
import org.junit.AfterClass;
import org.junit.Rule;
import org.junit.Test;

/**
 * Failures of the network and of the server change no count: no acknowledged addition is lost, none is counted twice,
 * and in exact mode no two calls return the same value. The profile {@code redis} runs these tests for longer.
 */
public class ExactlyOnceTest {

    private static final int CALLERS = 4;
    private static final int KEYS = 8;
    private static final long LARGE_STEP = 1L << 40;
    private static final long PAUSE_NS = 100_000;
    private static final int MAX_DELAY_MS = 30;

    private static final int KILLS = Integer.getInteger("counterex.redis.kills", 5);
    private static final int FAULTS = Integer.getInteger("counterex.redis.faults", 60);
    private static final Duration TIMEOUT = Duration.ofMinutes(Integer.getInteger("counterex.redis.minutes", 2));

    private static final Queue<String> FIGURES = new ConcurrentLinkedQueue<>();

    @Rule
    public final Seed seed = new Seed();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean finished = new AtomicBoolean();
    private final Set<String> returned = ConcurrentHashMap.newKeySet();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong sum = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();

    @AfterClass
    public static void printFigures() {
        System.out.println("redis: " + String.join("; ", FIGURES));
    }

    /** Caller that adds in every way, and records the outcome of each call. */
    private final class Caller implements Callable<Void> {
        private final CounterBackend backend;
        private final boolean buffered;
        private final Random random;

        Caller(CounterBackend backend, boolean buffered, int number) {
            this.backend = backend;
            this.buffered = buffered;
            this.random = seed.random(number);
        }

        @Override
        public Void call() {
            while (!finished.get()) {
                count("k" + random.nextInt(KEYS), random.nextInt(5));
                if (buffered) {
                    LockSupport.parkNanos(PAUSE_NS); // otherwise it would occupy the processor
                }
            }
            return null;
        }

        /** Adds without a call if possible; returns whether it did. */
        private boolean addToCell(String key, long step) {
            AdditionBuffer additions = ((WriteBufferingBackend) backend).additionBuffer("ns");
            return additions != null && !Cell.isSealed(additions.add(key, step));
        }

        /** Only steps of 1 may have an unknown outcome, so that their number is their sum. */
        private void count(String key, int which) {
            long step = 1;
            try {
                switch (which) {
                    case 0 -> {
                        if (!addToCell(key, step)) {
                            backend.add("ns", key, step);
                        }
                    }
                    case 1 -> {
                        step = 7;
                        backend.merge("ns", key, step);
                    }
                    case 2 -> {
                        step = buffered ? LARGE_STEP : 1;
                        backend.add("ns", key, step);
                    }
                    default -> {
                        long value = backend.inc("ns", key, step, 0);
                        assertTrue("returned twice: " + key + "=" + value, buffered || returned.add(key + "=" + value));
                    }
                }
                acknowledged.incrementAndGet();
                sum.addAndGet(step);
            } catch (BackendUnavailableException e) {
                assertTrue(e.toString(), step == 1 || !e.mayHaveBeenApplied());
                (e.mayHaveBeenApplied() ? unknown : rejected).incrementAndGet();
            }
        }
    }

    private List<Future<Void>> start(CounterBackend backend, boolean buffered) {
        return IntStream.range(0, CALLERS)
                .mapToObj(i -> threads.submit(new Caller(backend, buffered, i)))
                .toList();
    }

    private static String[] settings(boolean buffered, int timeoutMs) {
        return new String[] {
            "responseTimeoutMs",
            Integer.toString(timeoutMs),
            "connectTimeoutMs",
            Integer.toString(timeoutMs),
            "buckets",
            "4",
            "mode",
            buffered ? "buffered" : "exact",
            "flushIntervalMs",
            "5"
        };
    }

    /** Ends the callers, waits until nothing is pending, and compares the counts. */
    private void finish(RedisBackend backend, RedisServer server, List<Future<Void>> running, String story)
            throws Exception {
        finished.set(true);
        for (Future<Void> caller : running) {
            caller.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        }
        await().atMost(TIMEOUT).until(() -> {
            try {
                backend.flush("ns");
                return backend.info().details().get("pending").equals("0");
            } catch (BackendUnavailableException e) {
                return false;
            }
        });
        Map<String, String> details = backend.info().details();
        long expected = sum.get() + unknown.get();
        long difference = sumOn(server) - expected;
        String figures = details.get("mode") + " " + story + " acknowledged=" + acknowledged + " unknown=" + unknown
                + " appliedLate=" + details.get("appliedLate") + " rejected=" + rejected + " lost="
                + Math.max(0, -difference) + " doubled=" + Math.max(0, difference);
        FIGURES.add(figures + " " + seed);
        assertEquals(figures + " " + details, 0, difference);
        assertEquals(figures + " " + details, Long.toString(unknown.get()), details.get("appliedLate"));
        assertEquals("0", details.getOrDefault("lostByServer", "0"));
        assertEquals("0", details.getOrDefault("outcomeUnknown", "0"));
    }

    /** Returns the sum of all counters on the server. */
    private static long sumOn(RedisServer server) {
        return IntStream.range(0, 4)
                .mapToObj(bucket -> (List<?>) server.call("HVALS", "counterex:{ns/" + bucket + "}v"))
                .flatMap(List::stream)
                .mapToLong(value -> Long.parseLong(RedisClient.text(value)))
                .sum();
    }

    private static long faults(FaultProxy proxy) {
        return Stream.of(FaultProxy.Fault.values()).mapToLong(proxy::count).sum();
    }

    private void injectFaults(boolean buffered) throws Exception {
        try (RedisServer server = new RedisServer();
                FaultProxy proxy = new FaultProxy(server.port, seed.random(100), MAX_DELAY_MS);
                TestBackends backends = TestBackends.on(proxy.port, settings(buffered, 200))) {
            RedisBackend backend = backends.open("redis");
            await().atMost(TIMEOUT).until(backend::isConnected);
            proxy.inject(0.15);
            List<Future<Void>> running = start(backend, buffered);
            await().atMost(TIMEOUT)
                    .until(() -> running.stream().anyMatch(Future::isDone)
                            || faults(proxy) >= FAULTS
                                    && Stream.of(FaultProxy.Fault.values()).allMatch(fault -> proxy.count(fault) > 0));
            proxy.forward();
            String kinds = Stream.of(FaultProxy.Fault.values())
                    .map(fault -> fault + "=" + proxy.count(fault))
                    .collect(Collectors.joining(" "));
            finish(backend, server, running, "faults=" + faults(proxy) + " (" + kinds + ")");
        } finally {
            threads.shutdownNow();
        }
    }

    private void kill(boolean buffered) throws Exception {
        try (RedisServer server = new RedisServer(RedisServer.DURABLE);
                TestBackends backends = TestBackends.on(server.port, settings(buffered, 60))) {
            RedisBackend backend = backends.open("redis");
            await().atMost(TIMEOUT).until(backend::isConnected);
            List<Future<Void>> running = start(backend, buffered);
            Random random = seed.random(101);
            for (int i = 0; i < KILLS; i++) {
                long target = acknowledged.get() + random.nextInt(200);
                await().atMost(TIMEOUT)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> running.stream().anyMatch(Future::isDone)
                                || acknowledged.get() >= target && backend.isConnected());
                server.kill();
                server.start();
            }
            finish(backend, server, running, "kills=" + KILLS);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    public void networkFaults_inExactMode_changeNoCount() throws Exception {
        injectFaults(false);
    }

    @Test
    public void networkFaults_inBufferedMode_changeNoCount() throws Exception {
        injectFaults(true);
    }

    @Test
    public void serverKills_inExactMode_changeNoCount() throws Exception {
        kill(false);
    }

    @Test
    public void serverKills_inBufferedMode_changeNoCount() throws Exception {
        kill(true);
    }
}
