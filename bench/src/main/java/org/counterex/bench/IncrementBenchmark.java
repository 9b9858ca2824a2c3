package org.counterex.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One addition to an existing counter, by handle and by name, beside what one would use without this library. All three
 * backends are in use in the same VM, so that call sites see the kinds of cells and tables that they see in use.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class IncrementBenchmark {

    private static final String[] BACKENDS = {"ets", "atomics", "counters"};

    @Param({"ets", "atomics", "counters"})
    String backend;

    @Param("1024")
    int keys;

    private Bundles bundles;
    private Counters counters;
    private String[] names;
    private CounterNamespace namespace;
    private Counter handle;
    private final AtomicLong atomic = new AtomicLong();
    private final LongAdder adder = new LongAdder();
    private final Map<String, AtomicLong> map = new ConcurrentHashMap<>();

    /** Each thread goes through the keys in an order of its own. */
    @State(Scope.Thread)
    public static class Cursor {
        private int next = ThreadLocalRandom.current().nextInt(1 << 20);

        String key(String[] names) {
            next += 7;
            return names[(next & Integer.MAX_VALUE) % names.length];
        }
    }

    @Setup(Level.Trial)
    public void start() throws Exception {
        bundles = new Bundles(2 * keys);
        counters = bundles.counters();
        names = new String[keys];
        for (int i = 0; i < keys; i++) {
            names[i] = "key-" + i;
            map.put(names[i], new AtomicLong());
        }
        for (String each : BACKENDS) {
            bundles.registry().swap(each, each);
            CounterNamespace warm = counters.namespace(each);
            Counter warmHandle = warm.counter(names[0]);
            for (int i = 0; i < 2_000_000; i++) {
                warm.inc(names[i % keys]);
                warmHandle.inc();
                warmHandle.add(1);
            }
        }
        namespace = counters.namespace(backend);
        handle = namespace.counter(names[0]);
    }

    @TearDown(Level.Trial)
    public void stop() throws Exception {
        bundles.close();
    }

    @Benchmark
    public long handleInc() {
        return handle.inc();
    }

    @Benchmark
    public void handleAdd() {
        handle.add(1);
    }

    @Benchmark
    public long nameInc(Cursor cursor) {
        return namespace.inc(cursor.key(names));
    }

    @Benchmark
    public long namespaceAndNameInc(Cursor cursor) {
        return counters.namespace(backend).inc(cursor.key(names));
    }

    @Benchmark
    public long baselineAtomicLong() {
        return atomic.incrementAndGet();
    }

    @Benchmark
    public void baselineLongAdder() {
        adder.add(1);
    }

    @Benchmark
    public long baselineMapOfAtomicLong(Cursor cursor) {
        return map.get(cursor.key(names)).incrementAndGet();
    }
}
