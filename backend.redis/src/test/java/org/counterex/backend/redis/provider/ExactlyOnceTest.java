package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.backend.CounterBackend;
import org.counterex.tck.Seed;
import org.junit.Rule;
import org.junit.Test;

/**
 * What the network and the server do to requests and replies changes no count: nothing is lost that was acknowledged, nothing is
 * counted twice, and no two calls get the same value.
 */
public class ExactlyOnceTest {

    private static final int CALLERS = 4;
    private static final int KEYS = 3;
    private static final long LONG_S = 60;

    @Rule
    public final Seed seed = new Seed();

    /** Counts by every way of adding, and knows what came of each call. */
    private final class Caller implements Runnable {
        private final CounterBackend backend;
        private final Random random;
        private final int calls;

        Caller(CounterBackend backend, int number, int calls) {
            this.backend = backend;
            this.random = seed.random(number);
            this.calls = calls;
        }

        @Override
        public void run() {
            for (int i = 0; i < calls; i++) {
                call("k" + random.nextInt(KEYS), random.nextInt(4));
            }
        }

        private void call(String key, int which) {
            try {
                switch (which) {
                    case 0 -> backend.add("ns", key, 1);
                    case 1 -> backend.merge("ns", key, 1);
                    default -> {
                        long value = backend.inc("ns", key, 1, 0);
                        assertTrue("told twice: " + key + "=" + value, told.add(key + "=" + value));
                    }
                }
                acknowledged.incrementAndGet();
            } catch (BackendUnavailableException e) {
                (e.mayHaveBeenApplied() ? unknown : refused).incrementAndGet();
            }
        }
    }

    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    private List<Future<?>> start(ExecutorService threads, CounterBackend backend, int calls) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            running.add(threads.submit(new Caller(backend, i, calls)));
        }
        return running;
    }

    private static void finish(List<Future<?>> running) throws Exception {
        for (Future<?> caller : running) {
            caller.get(LONG_S, TimeUnit.SECONDS);
        }
    }

    private static long sum(CounterBackend backend) {
        return backend.getAll("ns").values().stream().mapToLong(Long::longValue).sum();
    }

    /** Awaits that nothing is under way any more, and compares. */
    private void assertExact(RedisBackend backend) {
        await().atMost(Duration.ofSeconds(LONG_S))
                .until(() -> backend.info().details().get("pending").equals("0"));
        Map<String, String> details = backend.info().details();
        String what = details + " acknowledged=" + acknowledged + " unknown=" + unknown + " refused=" + refused;
        assertEquals(what, Long.toString(unknown.get()), details.get("settledLate"));
        assertEquals(what, acknowledged.get() + unknown.get(), sum(backend));
    }

    @Test
    public void faultsOfTheNetwork_changeNoCount() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (RedisServer server = new RedisServer();
                FaultProxy proxy = new FaultProxy(server.port, seed.random(100), 30);
                OnServer backends = OnServer.on(
                        proxy.port, "responseTimeoutMs", "200", "connectTimeoutMs", "200", "buckets", "2")) {
            RedisBackend backend = backends.open("redis");
            backend.flush("ns");
            proxy.disturb(0.1);
            finish(start(threads, backend, 300));
            proxy.pass();
            assertExact(backend);
            for (FaultProxy.Fault fault : FaultProxy.Fault.values()) {
                assertTrue(fault + ": " + proxy, proxy.times(fault) > 0);
            }
            assertEquals("0", backend.info().details().getOrDefault("lostByServer", "0"));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    public void killsOfTheServer_changeNoCount() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (RedisServer server = new RedisServer(RedisServer.DURABLE);
                OnServer backends = OnServer.on(server.port, "responseTimeoutMs", "200", "connectTimeoutMs", "200")) {
            RedisBackend backend = backends.open("redis");
            backend.flush("ns");
            List<Future<?>> running = start(threads, backend, 2_000);
            Random random = seed.random(101);
            for (int i = 0; i < 5; i++) {
                long wanted = acknowledged.get() + random.nextInt(200);
                await().atMost(Duration.ofSeconds(LONG_S))
                        .until(() ->
                                acknowledged.get() >= wanted || running.stream().allMatch(Future::isDone));
                server.kill();
                server.start();
            }
            finish(running);
            assertExact(backend);
        } finally {
            threads.shutdownNow();
        }
    }
}
