package org.counterex.bench.scale;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.HdrHistogram.Histogram;
import org.counterex.bench.Results;
import redis.clients.jedis.Connection;

/**
 * Measurement of the costs of a batch, then of runtimes in processes of their own, then of memory. Takes about three
 * minutes.
 */
final class ScaleMeasurement implements AutoCloseable {

    /** Sizes of batches; the costs depend most on the first and the last. */
    private static final int[] SIZES = {1, 2, 5, 10, 20, 50, 100, 200, 500};

    private static final long BATCHES_NS = 400_000_000L;
    private static final int KEYS = 1024;
    private static final int PROCESSES = 4;
    private static final int POOL_SIZE = 4;
    private static final int CONNECTIONS = 200;
    private static final int SESSIONS = 5_000;

    /** All points in order: first those that the costs are derived from, then those that the model predicts. */
    static final List<Point> POINTS = List.of(
            Point.exact(1, 1, 1, 1, KEYS).forCalibration(),
            Point.exact(1, 64, 1, 1, KEYS).forCalibration(),
            Point.buffered(1, 1, 10_000).forCalibration(),
            Point.exact(1, 2, 1, 1, KEYS),
            Point.exact(1, 8, 1, 1, KEYS),
            Point.exact(1, 8, 1, 8, KEYS),
            Point.exact(1, 64, 1, 8, KEYS),
            Point.exact(1, 64, 1, 8, 1),
            Point.exact(1, 64, 100, 1, 16),
            Point.exact(2, 1, 1, 1, KEYS),
            Point.exact(4, 1, 1, 1, KEYS),
            Point.exact(2, 8, 1, 1, KEYS),
            Point.exact(4, 8, 1, 1, KEYS),
            Point.exact(2, 64, 1, 1, KEYS),
            Point.exact(4, 64, 1, 1, KEYS),
            Point.exact(4, 64, 1, 8, KEYS),
            Point.buffered(1, 1, 100),
            Point.buffered(1, 1, 1_000),
            Point.buffered(1, 1, 100_000),
            Point.buffered(1, 8, 10_000),
            Point.buffered(2, 1, 10_000),
            Point.buffered(4, 1, 1_000));

    /** A counting process. */
    private record Child(Process process, PrintStream out, BufferedReader in) {

        static Child start(int port) throws IOException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CountingProcess.class.getName(),
                            Integer.toString(port))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Child(
                    process,
                    new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8),
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
        }

        String nextReport() throws IOException {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith(CountingProcess.LINE_PREFIX)) {
                    return line.substring(CountingProcess.LINE_PREFIX.length());
                }
            }
            throw new IllegalStateException("process ended: pid=" + process.pid());
        }
    }

    private final Server server = new Server();
    private final List<Child> children = new ArrayList<>();
    private final Measurements measured = new Measurements();

    ScaleMeasurement() throws IOException {}

    Measurements measure() throws Exception {
        measured.server = server.version();
        measured.rounds = 1;
        measured.cores = Runtime.getRuntime().availableProcessors();
        batches(false);
        batches(true);
        for (int i = 0; i < PROCESSES; i++) {
            children.add(Child.start(server.port));
        }
        for (Point point : POINTS) {
            Sample sample = sample(point);
            measured.samples.add(sample);
            System.out.println(sample);
        }
        serverResources(Point.exact(PROCESSES, 64, 100, 8, 64));
        endChildren();
        memory();
        return measured;
    }

    private void batches(boolean counts) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long sequence = 0;
        for (int size : SIZES) {
            server.clear();
            double processor = server.processorNs();
            long[] applied = server.batches();
            long client = threads.getCurrentThreadCpuTime();
            long begun = System.nanoTime();
            int done = 0;
            while (System.nanoTime() - begun < BATCHES_NS) {
                server.apply("batches", "one", ++sequence, done * 7, size, KEYS);
                done++;
            }
            double wall = System.nanoTime() - begun;
            double mine = threads.getCurrentThreadCpuTime() - client;
            Measurements.Batches line = new Measurements.Batches(
                    size,
                    wall / done,
                    mine / done,
                    (server.processorNs() - processor) / done,
                    (double) (server.batches()[1] - applied[1]) / done);
            if (counts) {
                measured.batches.add(line);
                System.out.println(line);
            }
        }
    }

    private Sample sample(Point point) throws Exception {
        server.clear();
        List<Child> counting = children.subList(0, point.processes());
        for (Child child : counting) {
            child.out.println(Results.GSON.toJson(point).replace("\n", ""));
        }
        for (Child child : counting) {
            child.nextReport();
        }
        double processor = server.processorNs();
        long batches = server.batches()[0];
        long begun = System.nanoTime();
        counting.forEach(child -> child.out.println("go"));
        double calls = 0;
        double operations = 0;
        Histogram times = new Histogram(3);
        for (Child child : counting) {
            CountingProcess.Result done = Results.GSON.fromJson(child.nextReport(), CountingProcess.Result.class);
            calls += done.calls() / done.seconds();
            operations += done.operations() / done.seconds();
            times.add(Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(done.times())), 0));
        }
        double ns = System.nanoTime() - begun;
        long arrived = 0;
        for (int bucket = 0; bucket < point.buckets(); bucket++) {
            arrived += server.size(CountingProcess.prefix(point) + "{scale0/" + bucket + "}v");
        }
        return new Sample(
                point,
                calls,
                times.getValueAtPercentile(50) / 1e3,
                times.getValueAtPercentile(99) / 1e3,
                operations,
                (server.batches()[0] - batches) * 1e9 / ns,
                (server.processorNs() - processor) / ns,
                arrived);
    }

    private void serverResources(Point point) throws Exception {
        sample(point);
        measured.serverResources.add(new Measurements.ServerResources(
                point.processes(),
                point.namespaces(),
                point.buckets(),
                server.keys(CountingProcess.prefix(point) + "{scale*}s*"),
                POOL_SIZE,
                server.clients() - 1)); // without the connection of this process
    }

    private void memory() {
        List<long[]> hashes = new ArrayList<>();
        for (int counters : new int[] {1_000, 100_000, 1_000_000}) {
            server.clear();
            for (int first = 0; first < counters; first += 500) {
                server.apply("memory", "one", first + 1, first, 500, counters);
            }
            hashes.add(new long[] {counters, server.memoryOf("{memory}v")});
        }
        List<double[]> sessions = new ArrayList<>();
        for (int size : new int[] {1, 500, 64}) {
            server.clear();
            server.apply("memory", "first", 1, 0, 500, 500);
            long before = server.usedMemory();
            int count = SESSIONS / size * 2 + 100;
            for (int i = 0; i < count; i++) {
                server.apply("memory", new UUID(42, i).toString(), 1, 0, size, 500);
            }
            sessions.add(new double[] {size, (server.usedMemory() - before) / (double) count});
        }
        server.clear();
        long before = server.usedMemory();
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.add(server.connect());
        }
        double connection = (server.usedMemory() - before) / (double) CONNECTIONS;
        connections.forEach(Connection::close);
        measured.memory = new Measurements.Memory(hashes, sessions, connection);
    }

    private void endChildren() throws InterruptedException {
        children.forEach(child -> child.out.close());
        for (Child child : children) {
            child.process.waitFor();
        }
        children.clear();
    }

    @Override
    public void close() throws Exception {
        children.forEach(child -> child.process.destroy());
        server.close();
    }
}
