package org.counterex.bench;

import com.sun.management.ThreadMXBean;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.counterex.api.CounterNamespace;
import org.counterex.api.admin.MoveDTO;

/**
 * Measures moves of 1,000,000 counters from ets to atomics to counters to ets, with idle writers and with two writers
 * at full speed. Runs in a process of its own.
 *
 * <p>On two cores any move takes processor time from two writers, and a writer waits while another thread has its core.
 * The run therefore has two controls of the same length: writers alone, and writers with a thread that only computes.
 */
public final class SwapRun {

    private static final int COUNTERS = 1_000_000;
    private static final int WRITERS = 2;
    private static final long SEED = 42;
    private static final String NAMESPACE = "swapped";
    private static final List<String> ROUND = List.of("atomics", "counters", "ets");

    /** Time for compilation before the first recorded call. */
    private static final long WARM_UP_MS = 500;

    /** One move with idle writers. */
    record Move(String from, String to, double ms, double countersPerSecond, double allocatedBytesPerCounter) {}

    /** Latencies of the writers in one phase, in microseconds. */
    record Phase(
            String name,
            double ms,
            double callsPerSecond,
            double p50,
            double p99,
            double p999,
            double p9999,
            double max,
            List<double[]> percentiles) {}

    /** All results. */
    record Result(List<Move> moves, List<Phase> phases) {}

    private final Bundles bundles;
    private final CounterNamespace namespace;
    private final String[] names = new String[COUNTERS];

    private SwapRun(Bundles bundles) throws Exception {
        this.bundles = bundles;
        bundles.registry().swap(NAMESPACE, "ets");
        namespace = bundles.counters().namespace(NAMESPACE);
        for (int i = 0; i < COUNTERS; i++) {
            names[i] = "counter-" + i;
            namespace.inc(names[i]);
        }
        Collections.shuffle(Arrays.asList(names), new Random(SEED));
    }

    /** @param args the file to write, as JSON, and the number of rounds */
    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[1]);
        Result result = new Result(new ArrayList<>(), new ArrayList<>());
        try (Bundles bundles = new Bundles(COUNTERS)) {
            SwapRun run = new SwapRun(bundles);
            run.round(new ArrayList<>()); // warm-up
            for (int i = 0; i < rounds; i++) {
                run.round(result.moves);
            }
            run.busy(rounds, result.phases);
        }
        try (Writer file = Files.newBufferedWriter(Path.of(args[0]))) {
            Results.GSON.toJson(result, file);
        }
    }

    private void round(List<Move> moves) throws Exception {
        for (String backend : ROUND) {
            System.gc(); // collect the former table before the next is created
            long before = allocated();
            MoveDTO move = bundles.registry().swap(NAMESPACE, backend);
            double bytes = (double) (allocated() - before) / COUNTERS;
            moves.add(
                    new Move(move.from, move.to, move.durationUs / 1e3, move.counters * 1e6 / move.durationUs, bytes));
        }
    }

    /** Returns the bytes that all threads have allocated so far. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .sum();
    }

    /** Thread that counts as fast as possible and records the time of each call by phase. */
    private final class CountingThread extends Thread {

        private final Histogram[] phases;
        private volatile int phase;
        private volatile boolean stopped;

        CountingThread(int count) {
            phases = new Histogram[count];
            Arrays.setAll(phases, i -> new Histogram(TimeUnit.MINUTES.toNanos(1), 3));
        }

        @Override
        public void run() {
            int next = (int) (getId() * 7919 % COUNTERS); // far from the other writers
            long before = System.nanoTime();
            while (!stopped) {
                namespace.inc(names[next]);
                next = next + 1 == COUNTERS ? 0 : next + 1;
                long now = System.nanoTime();
                phases[phase].recordValue(now - before);
                before = now;
            }
        }
    }

    private void busy(int rounds, List<Phase> results) throws Exception {
        String[] phases = {"warm-up", "writers alone", "with a busy thread", "during moves"};
        CountingThread[] writers = new CountingThread[WRITERS];
        Arrays.setAll(writers, i -> new CountingThread(phases.length));
        Arrays.stream(writers).forEach(Thread::start);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(WARM_UP_MS));
        long[] spent = new long[phases.length];
        for (int i = 0; i < rounds; i++) {
            spent[3] += phase(writers, 3, () -> {
                for (String backend : ROUND) {
                    bundles.registry().swap(NAMESPACE, backend);
                }
            });
            long length = spent[3] / (i + 1);
            spent[1] += phase(writers, 1, () -> LockSupport.parkNanos(length));
            spent[2] += phase(writers, 2, () -> {
                Thread other = new Thread(() -> {
                    long end = System.nanoTime() + length;
                    while (System.nanoTime() - end < 0) {
                        Thread.onSpinWait();
                    }
                });
                other.start();
                other.join();
            });
        }
        for (CountingThread writer : writers) {
            writer.stopped = true;
            writer.join();
        }
        for (int i = 1; i < phases.length; i++) {
            Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
            for (CountingThread writer : writers) {
                all.add(writer.phases[i]);
            }
            results.add(summary(phases[i], spent[i] / 1e6, all));
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static long phase(CountingThread[] writers, int phase, Action action) throws Exception {
        long begun = System.nanoTime();
        for (CountingThread writer : writers) {
            writer.phase = phase;
        }
        action.run();
        for (CountingThread writer : writers) {
            writer.phase = 0;
        }
        return System.nanoTime() - begun;
    }

    private static Phase summary(String name, double ms, Histogram calls) {
        List<double[]> percentiles = new ArrayList<>();
        calls.percentiles(2)
                .forEach(value -> percentiles.add(
                        new double[] {value.getPercentileLevelIteratedTo(), value.getValueIteratedTo() / 1e3}));
        return new Phase(
                name,
                ms,
                calls.getTotalCount() * 1e3 / ms,
                calls.getValueAtPercentile(50) / 1e3,
                calls.getValueAtPercentile(99) / 1e3,
                calls.getValueAtPercentile(99.9) / 1e3,
                calls.getValueAtPercentile(99.99) / 1e3,
                calls.getMaxValue() / 1e3,
                percentiles);
    }
}
