package org.counterex.backend.redis.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.backend.table.AdditionBuffer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.tck.Seed;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Additions to the cells of a backend, made without calling it, are sent once and in order. */
public class AdditionBufferTest {

    private static final int KEYS = 3;
    private static final int ADDERS = 2;
    private static final long TIMEOUT_S = 60;

    @Rule
    public final Seed seed = new Seed();

    private final RedisServer server = new RedisServer();
    private final TestBackends backends = TestBackends.on(server.port, "flushIntervalMs", "1", "buckets", "2");
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile boolean finished;

    @After
    public void close() {
        finished = true;
        threads.shutdownNow();
        backends.close();
        server.close();
    }

    /** Opens a backend that does not flush by itself. */
    private static RedisBackend slow(TestBackends backends) {
        return backends.open("slow", "mode", "buffered", "flushIntervalMs", "3600000");
    }

    @Test
    public void exactMode_hasNoBuffer() {
        assertNull(backends.open("exact").additionBuffer("ns"));
    }

    @Test
    public void additions_toCells_precedeLaterOperations() {
        RedisBackend backend = slow(backends);
        AdditionBuffer buffer = backend.additionBuffer("ns");
        assertNull(buffer.find("k"));
        assertTrue(Cell.isSealed(buffer.add("k", 1)));
        backend.add("ns", "k", 1);
        assertEquals(3, buffer.add("k", 2));
        assertEquals(List.of(), server.call("HGETALL", "counterex:{ns/0}v"));
        assertEquals(OptionalLong.of(3), backend.get("ns", "k"));
        backend.add("ns", "k", 1);
        LongCell cell = buffer.find("k");
        cell.add(1);
        assertEquals(10, backend.set("ns", "k", 10));
        assertTrue(Cell.isSealed(cell.add(1)));
        backend.add("ns", "k", 1);
        assertEquals(2, buffer.add("k", 1));
        assertEquals(OptionalLong.of(12), backend.take("ns", "k"));
        backend.flush("ns");
        assertEquals(Map.of(), backend.getAll("ns"));
    }

    /** The sealed cell of a counter with a known value is replaced; a closed buffer does not return the successor. */
    @Test
    public void cells_afterClose_areSealed() {
        RedisBackend backend = slow(backends);
        backend.inc("ns", "known", 1, 0);
        backend.inc("ns", "known", 1, 0);
        backend.add("ns", "unknown", 1);
        AdditionBuffer buffer = backend.additionBuffer("ns");
        LongCell known = buffer.find("known");
        LongCell unknown = buffer.find("unknown");
        known.add(1);
        unknown.add(1);
        buffer.close();
        assertTrue(Cell.isSealed(known.add(1)));
        assertTrue(Cell.isSealed(unknown.add(1)));
        assertNotNull(
                "the successor, in another buffer", backend.additionBuffer("ns").find("known"));
        assertNull(buffer.find("known"));
        AdditionBuffer other = backend.additionBuffer("ns");
        LongCell last = other.find("known");
        last.add(1);
        backend.close();
        assertTrue(Cell.isSealed(last.add(1)));
        assertNull(other.find("known"));
        assertEquals(Map.of("known", 4L, "unknown", 2L), backends.open("next").getAll("ns"));
    }

    /**
     * Adds to cells as handles do, and calls the backend if there is no cell; until the test has finished or the
     * backend is stopped.
     */
    private void add(RedisBackend backend, Random random) {
        AdditionBuffer buffer = backend.additionBuffer("ns");
        LongCell[] cells = new LongCell[KEYS];
        while (!finished) {
            int k = random.nextInt(KEYS);
            if (cells[k] == null || Cell.isSealed(cells[k].add(1))) {
                cells[k] = buffer.find("k" + k);
                if (cells[k] != null) {
                    continue;
                }
                try {
                    backend.add("ns", "k" + k, 1);
                } catch (BackendUnavailableException e) {
                    assertFalse(e.mayHaveBeenApplied());
                    return;
                }
                if (random.nextInt(10) == 0) {
                    buffer = backend.additionBuffer("ns");
                }
            }
            acknowledged.incrementAndGet();
        }
    }

    private List<Future<?>> adders(RedisBackend backend) {
        List<Future<?>> adders = new ArrayList<>();
        for (int i = 0; i < ADDERS; i++) {
            Random random = seed.random(i + 1);
            adders.add(threads.submit(() -> add(backend, random)));
        }
        return adders;
    }

    private static void await(List<Future<?>> futures) throws Exception {
        for (Future<?> future : futures) {
            future.get(TIMEOUT_S, TimeUnit.SECONDS);
        }
    }

    private static long sum(Map<String, Long> counters) {
        return counters.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    public void additions_concurrentWithSeals_areCountedOnce() throws Exception {
        RedisBackend backend = backends.open("redis", "mode", "buffered");
        List<Future<?>> adders = adders(backend);
        Random random = seed.random(0);
        long taken = 0;
        for (int i = 0; i < seed.rounds(1_000); i++) {
            String key = "k" + random.nextInt(KEYS);
            switch (random.nextInt(6)) {
                case 0 -> taken += backend.take("ns", key).orElse(0);
                case 1 -> taken += sum(backend.drain("ns"));
                case 2 -> {
                    backend.inc("ns", key, 1, 0); // so that the backend knows the value
                    acknowledged.incrementAndGet();
                }
                case 3 -> backend.flush("ns");
                case 4 -> backend.get("ns", key);
                default -> backend.additionBuffer("ns").close();
            }
        }
        finished = true;
        await(adders);
        assertEquals(acknowledged.get(), taken + sum(backend.getAll("ns")));
    }

    /** Also if no caller has closed its buffer before. */
    @Test
    public void additions_duringStop_areSentSavedOrRejected() throws Exception {
        for (int i = 0; i < seed.rounds(4); i++) {
            RedisBackend backend = backends.open("redis", "mode", "buffered");
            for (int k = 0; k < KEYS; k++) {
                backend.inc("ns", "k" + k, 1, 0);
                acknowledged.incrementAndGet();
            }
            List<Future<?>> adders = adders(backend);
            long target = acknowledged.get() + 1_000;
            while (acknowledged.get() < target) {
                Thread.onSpinWait();
            }
            backend.close();
            await(adders);
            RedisBackend next = backends.open("redis", "mode", "buffered");
            assertEquals("round " + i, acknowledged.get(), sum(next.getAll("ns")));
            next.close();
        }
    }
}
