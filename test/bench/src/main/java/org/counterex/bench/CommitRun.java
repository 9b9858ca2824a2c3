package org.counterex.bench;

import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.counterex.api.CounterNamespace;

/**
 * Measures how many additions per second {@code mvstore} acknowledges when each waits for the disk and threads share
 * commits, compared with the rate at which the same disk syncs single pages. Runs in a process of its own.
 */
public final class CommitRun {

    private static final List<Integer> THREADS = List.of(1, 8, 64);
    private static final long RUN_NS = 3_000_000_000L;
    private static final int PAGE = 4096;
    private static final int KEYS = 1024;

    /** Result of one number of threads in one round. */
    record Line(int threads, double additionsPerSecond, double commitsPerSecond) {}

    /** All results; the sync rate of the disk is measured in each round. */
    record Result(List<Double> syncsPerSecond, List<Line> lines) {}

    private CommitRun() {}

    /** @param args the file to write, as JSON, and the number of rounds */
    public static void main(String[] args) throws Exception {
        Result result = new Result(new ArrayList<>(), new ArrayList<>());
        try (Bundles bundles = new Bundles(KEYS)) {
            bundles.configure(
                    Bundles.STORED,
                    Map.of("durability", "commit"),
                    dto -> "commit".equals(dto.details.get("durability")));
            bundles.registry().swap(Bundles.STORED, Bundles.STORED);
            CounterNamespace namespace = bundles.counters().namespace(Bundles.STORED);
            namespace.inc("counter-0");
            for (int round = 0; round < Integer.parseInt(args[1]); round++) {
                result.syncsPerSecond.add(syncs());
                for (int threads : THREADS) {
                    result.lines.add(additions(
                            namespace,
                            threads,
                            () -> Long.parseLong(bundles.details().get("flushes"))));
                }
            }
        }
        try (Writer file = Files.newBufferedWriter(Path.of(args[0]))) {
            Results.GSON.toJson(result, file);
        }
    }

    private static double syncs() throws IOException {
        Path file = Files.createTempFile("counterex", ".sync");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
            long begun = System.nanoTime();
            long count = 0;
            while (System.nanoTime() - begun < RUN_NS) {
                channel.write(page.clear(), count * PAGE);
                channel.force(false);
                count++;
            }
            return count * 1e9 / (System.nanoTime() - begun);
        } finally {
            Files.delete(file);
        }
    }

    private static Line additions(CounterNamespace namespace, int threads, LongSupplier commits)
            throws InterruptedException {
        LongAdder done = new LongAdder();
        long begun = System.nanoTime();
        long before = commits.getAsLong();
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int first = t * KEYS / threads;
            Thread thread = new Thread(() -> {
                for (int i = first; System.nanoTime() - begun < RUN_NS; i++) {
                    namespace.inc("counter-" + i % KEYS);
                    done.increment();
                }
            });
            thread.start();
            all.add(thread);
        }
        for (Thread thread : all) {
            thread.join();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new Line(threads, done.sum() / seconds, (commits.getAsLong() - before) / seconds);
    }
}
