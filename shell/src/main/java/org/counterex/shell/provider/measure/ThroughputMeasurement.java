package org.counterex.shell.provider.measure;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * Measurement of the rate at which several threads can repeat the same call.
 *
 * @param nanos duration of the measurement
 */
public record ThroughputMeasurement(int threads, long nanos) {

    /** Number of calls between two readings of the clock. */
    private static final int BATCH = 256;

    /**
     * Measures a call.
     *
     * @param call receives the numbers from 0 to {@value #BATCH} - 1 in turn
     * @return calls per second of all threads together
     * @throws InterruptedException the thread was interrupted; the measuring threads still end on time
     */
    public long perSecond(IntConsumer call) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CyclicBarrier start = new CyclicBarrier(threads);
        Callable<Double> caller = () -> {
            start.await();
            return callsPerSecond(call);
        };
        try {
            double calls = 0;
            for (Future<Double> done : pool.invokeAll(Collections.nCopies(threads, caller))) {
                calls += done.get();
            }
            return Math.round(calls);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException problem ? problem : new IllegalStateException(e.getCause());
        } finally {
            pool.shutdown();
        }
    }

    private double callsPerSecond(IntConsumer call) {
        long begin = System.nanoTime();
        long calls = 0;
        long elapsed;
        do {
            for (int i = 0; i < BATCH; i++) {
                call.accept(i);
            }
            calls += BATCH;
            elapsed = System.nanoTime() - begin;
        } while (elapsed < nanos);
        return calls * 1e9 / elapsed;
    }
}
