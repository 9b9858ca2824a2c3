package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;

/** Threads that add to a few counters, by name and by handle, and record the acknowledged additions. */
final class Writers implements AutoCloseable {

    private static final long STEP = 3;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicLongArray acknowledged;
    private final LongAdder calls = new LongAdder();
    private final CounterNamespace namespace;
    private volatile boolean done;

    final long seed = System.nanoTime();

    Writers(CounterNamespace namespace, int count, int keys) {
        this.namespace = namespace;
        acknowledged = new AtomicLongArray(keys);
        for (int t = 0; t < count; t++) {
            Random random = new Random(seed + t);
            running.add(threads.submit(() -> write(random)));
        }
    }

    private void write(Random random) {
        Counter[] handles = new Counter[acknowledged.length()];
        for (int k = 0; k < handles.length; k++) {
            handles[k] = namespace.counter(key(k));
        }
        while (!done) {
            int k = random.nextInt(handles.length);
            switch (random.nextInt(5)) {
                case 0 -> namespace.inc(key(k), STEP);
                case 1 -> namespace.add(key(k), STEP);
                case 2 -> handles[k].inc(STEP);
                case 3 -> handles[k].add(STEP);
                default -> addByCompareAndSwap(handles[k]);
            }
            acknowledged.addAndGet(k, STEP);
            calls.increment();
        }
    }

    private static void addByCompareAndSwap(Counter counter) {
        long expected = counter.get().orElse(0);
        for (; ; ) {
            var result = counter.compareAndSwap(expected, expected + STEP);
            if (result.swapped()) {
                return;
            }
            expected = result.value();
        }
    }

    static String key(int k) {
        return "k" + k;
    }

    /** Waits until a number of further calls have returned. */
    void awaitCalls(long more) throws InterruptedException {
        long target = calls.sum() + more;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (calls.sum() < target && running.stream().noneMatch(Future::isDone)) {
            assertTrue("writers make no progress, seed " + seed, System.nanoTime() < end);
            Thread.onSpinWait();
        }
        if (running.stream().anyMatch(Future::isDone)) {
            stop(); // throws the cause
        }
    }

    /**
     * Stops the writers.
     *
     * @throws AssertionError a writer threw an exception, or does not end
     */
    void stop() throws InterruptedException {
        done = true;
        for (Future<?> writer : running) {
            try {
                writer.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new AssertionError("a writer failed, seed " + seed, e.getCause());
            } catch (TimeoutException e) {
                throw new AssertionError("a writer hangs, seed " + seed, e);
            }
        }
    }

    /** Stops the writers, and asserts that each counter has exactly the acknowledged value. */
    void stopAndCheck() throws InterruptedException {
        stop();
        for (int k = 0; k < acknowledged.length(); k++) {
            assertEquals(
                    "counter " + key(k) + ", seed " + seed,
                    acknowledged.get(k),
                    namespace.get(key(k)).orElse(0));
        }
    }

    /** Returns the sum of the acknowledged additions to a counter. */
    long acknowledged(int k) {
        return acknowledged.get(k);
    }

    @Override
    public void close() {
        done = true;
        threads.shutdownNow();
    }
}
