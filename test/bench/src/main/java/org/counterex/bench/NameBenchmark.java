package org.counterex.bench;

import com.codahale.metrics.MetricRegistry;
import com.google.common.util.concurrent.AtomicLongMap;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Benchmark of one addition to an existing counter by name; the names come in random order. */
public class NameBenchmark {

    /** Baseline: one map of {@code AtomicLong}. */
    @State(Scope.Benchmark)
    public static class AtomicMap {
        private final ConcurrentMap<String, AtomicLong> map = new ConcurrentHashMap<>();

        @Setup
        public void fill(InUse use) {
            for (String name : use.names) {
                map.put(name, new AtomicLong());
            }
        }
    }

    /** Baseline: one map of {@code LongAdder}. */
    @State(Scope.Benchmark)
    public static class AdderMap {
        private final ConcurrentMap<String, LongAdder> map = new ConcurrentHashMap<>();

        @Setup
        public void fill(InUse use) {
            for (String name : use.names) {
                map.put(name, new LongAdder());
            }
        }
    }

    /** Libraries with counters by name. */
    @State(Scope.Benchmark)
    public static class Libraries {
        private final AtomicLongMap<String> guava = AtomicLongMap.create();
        private final SimpleMeterRegistry micrometer = new SimpleMeterRegistry();
        private final MetricRegistry dropwizard = new MetricRegistry();
        private final Counter prometheus = Counter.builder()
                .name("requests")
                .help("for comparison")
                .labelNames("key")
                .build();

        @Setup
        public void fill(InUse use) {
            for (String name : use.names) {
                guava.incrementAndGet(name);
                micrometer.counter(name).increment();
                dropwizard.counter(name).inc();
                prometheus.labelValues(name).inc();
            }
        }
    }

    @Benchmark
    public long mapOfAtomicLong(InUse use, AtomicMap others, Cursor cursor) {
        return others.map.get(cursor.next(use.shuffled)).incrementAndGet();
    }

    @Benchmark
    public void mapOfLongAdder(InUse use, AdderMap others, Cursor cursor) {
        others.map.get(cursor.next(use.shuffled)).increment();
    }

    @Benchmark
    public long guava(InUse use, Libraries others, Cursor cursor) {
        return others.guava.incrementAndGet(cursor.next(use.shuffled));
    }

    @Benchmark
    public void micrometer(InUse use, Libraries others, Cursor cursor) {
        others.micrometer.counter(cursor.next(use.shuffled)).increment();
    }

    @Benchmark
    public void dropwizard(InUse use, Libraries others, Cursor cursor) {
        others.dropwizard.counter(cursor.next(use.shuffled)).inc();
    }

    @Benchmark
    public void prometheus(InUse use, Libraries others, Cursor cursor) {
        others.prometheus.labelValues(cursor.next(use.shuffled)).inc();
    }

    @Benchmark
    public long ets(InUse use, Cursor cursor) {
        return use.ets.inc(cursor.next(use.shuffled));
    }

    @Benchmark
    public long atomics(InUse use, Cursor cursor) {
        return use.atomics.inc(cursor.next(use.shuffled));
    }

    @Benchmark
    public void countersAdd(InUse use, Cursor cursor) {
        use.striped.add(cursor.next(use.shuffled), 1);
    }

    @Benchmark
    public long etsThroughService(InUse use, Cursor cursor) {
        return use.counters.namespace("ets").inc(cursor.next(use.shuffled));
    }

    @Benchmark
    public long atomicsThroughService(InUse use, Cursor cursor) {
        return use.counters.namespace("atomics").inc(cursor.next(use.shuffled));
    }
}
