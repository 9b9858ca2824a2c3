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
import org.junit.Test;

/** Every counter is shown once, and not all of them are held in memory for it. */
public class ForEachTest {

    private static final int SEVERAL_PASSES = 70_000;
    private static final int MANY = 300_000;
    private static final long MOST_BYTES_PER_COUNTER = 25;

    private final TestRegistry world = new TestRegistry();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @After
    public void close() {
        threads.shutdownNow();
        world.close();
    }

    private Namespace filled(int counters) {
        Namespace namespace = world.namespace("ns");
        for (int i = 0; i < counters; i++) {
            namespace.add("k" + i, i);
        }
        return namespace;
    }

    private static Map<String, Long> shown(Namespace namespace) {
        Map<String, Long> shown = new HashMap<>();
        namespace.forEach((key, value) -> assertEquals(key + " shown before as", null, shown.put(key, value)));
        return shown;
    }

    @Test
    public void forEach_whileMoving_showsEveryCounterOnce() throws Exception {
        BackendHandle a = world.bind(new MapBackend("a"), "ets");
        BackendHandle b = world.bind(new MapBackend("b"), "b");
        Namespace namespace = filled(SEVERAL_PASSES);
        Map<String, Long> all = namespace.getAll();
        assertEquals(SEVERAL_PASSES, all.size());
        AtomicBoolean done = new AtomicBoolean();
        Future<Integer> migration = threads.submit(() -> {
            int moves = 0;
            for (; !done.get(); moves++) {
                world.swap("ns", moves % 2 == 0 ? b : a);
            }
            return moves;
        });
        int rounds = 0;
        while (rounds < 3 || world.audit.moves().size() < 4) {
            assertEquals("round " + rounds++, all, shown(namespace));
        }
        done.set(true);
        assertTrue("moves", migration.get() > 0);
    }

    @Test
    public void forEach_ofAPlainBackend_showsEveryCounterOnce() {
        world.bind(new PlainBackend(), "plain");
        Namespace namespace = filled(100);
        assertEquals(namespace.getAll(), shown(namespace));
    }

    /** A key in a set takes some fifty bytes: that is what there would be for each counter. */
    @Test
    public void forEach_ofMany_holdsAPartOfThem() {
        world.bind(new MapBackend("a"), "ets");
        Namespace namespace = filled(MANY);
        long before = used();
        AtomicLong shown = new AtomicLong();
        AtomicLong most = new AtomicLong();
        namespace.forEach((key, value) -> {
            if (shown.getAndIncrement() % (MANY / 2) == 0) {
                most.accumulateAndGet(used() - before, Math::max);
            }
        });
        assertEquals(MANY, shown.get());
        assertTrue("bytes for each counter: " + most.get() / MANY, most.get() < MOST_BYTES_PER_COUNTER * MANY);
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
