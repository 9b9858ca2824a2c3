package org.counterex.bench;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.counterex.api.Counter;
import org.counterex.api.Counters;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Bundle activator with one thread that counts as fast as possible and prints the number of additions to standard
 * output once a second.
 */
public final class CountingActivator implements BundleActivator {

    /** Prefix of a line, before the number. */
    static final String LINE_PREFIX = "counted ";

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int BATCH = 1_000;

    private ServiceTracker<Counters, Counters> counters;
    private Thread thread;

    @Override
    public void start(BundleContext context) {
        counters = new ServiceTracker<>(context, Counters.class, null);
        counters.open();
        thread = new Thread(this::count, "counting");
        thread.start();
    }

    @Override
    public void stop(BundleContext context) throws InterruptedException {
        thread.interrupt();
        thread.join();
        counters.close();
    }

    private void count() {
        // In a distribution System.out is the log file.
        try (PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true)) {
            Counter counter = counters.waitForService(0).namespace("counting").counter("hot");
            while (!Thread.currentThread().isInterrupted()) {
                out.println(LINE_PREFIX + perSecond(counter));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long perSecond(Counter counter) {
        long begin = System.nanoTime();
        long taken;
        long counted = 0;
        do {
            for (int i = 0; i < BATCH; i++) {
                counter.inc();
            }
            counted += BATCH;
            taken = System.nanoTime() - begin;
        } while (taken < SECOND);
        return (long) ((double) counted * SECOND / taken);
    }
}
