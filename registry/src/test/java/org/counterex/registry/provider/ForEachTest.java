package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.Namespace;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Iteration visits every counter once, in bounded memory. */
public class ForEachTest {

    private static final int SEVERAL_PASSES = 70_000;
    private static final int MANY = 300_000;
    private static final long MAX_BYTES_PER_COUNTER = 25;

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @After
    public void close() {
        threads.shutdownNow();
    }

    private Namespace filled(int counters) {
        Namespace namespace = registry.namespace("ns");
        for (int i = 0; i < counters; i++) {
            namespace.add("k" + i, i);
        }
        return namespace;
    }

    private static Map<String, Long> visited(Namespace namespace) {
        Map<String, Long> visited = new HashMap<>();
        namespace.forEach(
                (key, value) -> assertEquals(key + " visited before with value", null, visited.put(key, value)));
        return visited;
    }

    @Test
    public void forEach_duringMoves_visitsEachCounterOnce() throws Exception {
        BackendHandle a = registry.bind(new MapBackend("a"), "ets");
        BackendHandle b = registry.bind(new MapBackend("b"), "b");
        Namespace namespace = filled(SEVERAL_PASSES);
        Map<String, Long> all = namespace.getAll();
        assertEquals(SEVERAL_PASSES, all.size());
        AtomicBoolean done = new AtomicBoolean();
        Future<Integer> migration = threads.submit(() -> {
            int moves = 0;
            for (; !done.get(); moves++) {
                registry.swap("ns", moves % 2 == 0 ? b : a);
            }
            return moves;
        });
        int rounds = 0;
        while (rounds < 3 || registry.moveLog.moves().size() < 4) {
            assertEquals("round " + rounds++, all, visited(namespace));
        }
        done.set(true);
        assertTrue("moves", migration.get() > 0);
    }

    @Test
    public void forEach_ofPlainBackend_visitsEachCounterOnce() {
        registry.bind(new PlainBackend(), "plain");
        Namespace namespace = filled(100);
        assertEquals(namespace.getAll(), visited(namespace));
    }

    /** A set of all keys would take about fifty bytes for each counter. */
    @Test
    public void forEach_ofManyCounters_isBoundedInMemory() {
        registry.bind(new MapBackend("a"), "ets");
        Namespace namespace = filled(MANY);
        long before = used();
        AtomicLong visited = new AtomicLong();
        AtomicLong most = new AtomicLong();
        namespace.forEach((key, value) -> {
            if (visited.getAndIncrement() % (MANY / 2) == 0) {
                most.accumulateAndGet(used() - before, Math::max);
            }
        });
        assertEquals(MANY, visited.get());
        assertTrue("bytes for each counter: " + most.get() / MANY, most.get() < MAX_BYTES_PER_COUNTER * MANY);
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
