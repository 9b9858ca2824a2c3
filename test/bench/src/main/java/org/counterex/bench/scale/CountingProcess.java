package org.counterex.bench.scale;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNamespace;
import org.counterex.bench.Bundles;
import org.counterex.bench.Results;

/**
 * Main class of a counting process: the packed bundles in a framework, connected to the server whose port is its
 * argument. It reads a point from standard input, prepares for it and reports that it is ready; at the next line it
 * counts, and reports the result.
 */
public final class CountingProcess {

    /** Prefix of the lines that are addressed to the parent process. */
    static final String LINE_PREFIX = "counting ";

    static final long WARM_UP_NS = 1_000_000_000L;
    static final long RUN_NS = 2_000_000_000L;

    /** The default flush interval of the backend. */
    private static final long INTERVAL_NS = 100_000_000;

    /** Enough for 100,000 counters, and some more in progress. */
    private static final int MAX_BUFFERED = 250_000;

    /** This many counters of a namespace cover all of its buckets. */
    private static final int MAX_WARMED_KEYS = 64;

    /** Time limit for moving a namespace to the backend. */
    private static final long START_TIMEOUT_NS = 20_000_000_000L;

    private static final long MAX_RECORDED_NS = 60_000_000_000L;

    /** Result of one run. */
    record Result(long calls, double seconds, long operations, String times) {}

    private final Bundles bundles;
    private final int port;

    private CountingProcess(Bundles bundles, int port) {
        this.bundles = bundles;
        this.port = port;
    }

    /** @param args the port of the server */
    public static void main(String[] args) throws Exception {
        try (Bundles bundles = new Bundles(1024);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            CountingProcess counting = new CountingProcess(bundles, Integer.parseInt(args[0]));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Point point = Results.GSON.fromJson(line, Point.class);
                List<CounterNamespace> namespaces = counting.prepare(point);
                counting.count(point, namespaces, WARM_UP_NS);
                System.out.println(LINE_PREFIX + "ready");
                in.readLine();
                Result done = counting.count(point, namespaces, RUN_NS);
                System.out.println(LINE_PREFIX + Results.GSON.toJson(done).replace("\n", ""));
            }
        }
        System.exit(0);
    }

    /** Returns the prefix of the keys of a point on the server. */
    static String prefix(Point point) {
        return (point.buffered() ? "b" : "e") + point.namespaces() + "-" + point.buckets() + "-" + point.keys() + ":";
    }

    /** Configures the backend for the point, and counts in every namespace and bucket. */
    private List<CounterNamespace> prepare(Point point) throws Exception {
        String prefix = prefix(point);
        String mode = point.buffered() ? "buffered" : "exact";
        Map<String, Object> settings = Map.of(
                "uri",
                "redis://127.0.0.1:" + port,
                "namespaces",
                "scale*",
                "mode",
                mode,
                "buckets",
                point.buckets(),
                "keyPrefix",
                prefix,
                "maxBuffered",
                MAX_BUFFERED);
        bundles.configure(
                "redis",
                settings,
                dto -> "connected".equals(dto.details.get("state"))
                        && prefix.equals(dto.details.get("keyPrefix"))
                        && mode.equals(dto.details.get("mode")));
        List<CounterNamespace> namespaces = new ArrayList<>();
        for (int i = 0; i < point.namespaces(); i++) {
            namespaces.add(bundles.counters().namespace("scale" + i));
        }
        for (CounterNamespace namespace : namespaces) {
            for (int key = 0; key < Math.min(point.keys(), MAX_WARMED_KEYS); key++) {
                createCounter(namespace, KeyDistribution.name(key));
            }
        }
        return namespaces;
    }

    private static void createCounter(CounterNamespace namespace, String key) {
        long end = System.nanoTime() + START_TIMEOUT_NS;
        while (true) {
            try {
                namespace.inc(key);
                return;
            } catch (CounterException e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                Thread.onSpinWait(); // the namespace is being moved to the backend
            }
        }
    }

    private Result count(Point point, List<CounterNamespace> namespaces, long ns) throws Exception {
        String[] names =
                IntStream.range(0, point.keys()).mapToObj(KeyDistribution::name).toArray(String[]::new);
        long operations = operations();
        long begun = System.nanoTime();
        List<Histogram> all = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < point.callers(); i++) {
            Histogram times = new Histogram(MAX_RECORDED_NS, 3);
            all.add(times);
            Thread thread = new Thread(() -> {
                if (point.buffered()) {
                    addAll(namespaces.get(0), names, begun + ns);
                } else {
                    call(namespaces, names, begun + ns, times);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        long sent = operations() - operations;
        Histogram times = new Histogram(MAX_RECORDED_NS, 3);
        all.forEach(times::add);
        ByteBuffer buffer = ByteBuffer.allocate(times.getNeededByteBufferCapacity());
        int length = times.encodeIntoCompressedByteBuffer(buffer);
        String encoded = Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
        return new Result(times.getTotalCount(), seconds, sent, encoded);
    }

    private static void call(List<CounterNamespace> namespaces, String[] names, long end, Histogram times) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (long before = System.nanoTime(); before < end; ) {
            namespaces.get(random.nextInt(namespaces.size())).inc(names[random.nextInt(names.length)]);
            long after = System.nanoTime();
            times.recordValue(after - before);
            before = after;
        }
    }

    /** Adds to each counter once per flush interval. */
    private static void addAll(CounterNamespace namespace, String[] names, long end) {
        long next = System.nanoTime();
        while (next < end) {
            for (String name : names) {
                namespace.add(name, 1);
            }
            next += INTERVAL_NS;
            while (System.nanoTime() < next) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    private long operations() throws Exception {
        return Long.parseLong(bundles.backend("redis").info().details().get("operations"));
    }
}
