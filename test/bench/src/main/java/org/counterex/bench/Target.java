package org.counterex.bench;

import java.util.List;
import org.counterex.bench.Results.Run;

/**
 * Upper limit for the time of one benchmark, relative to that of another.
 *
 * @param text description of the comparison
 * @param ours the benchmark, class and method
 * @param theirs the baseline, class and method
 * @param keys number of counters
 * @param threads numbers of threads to measure with
 * @param limit the highest ratio
 */
record Target(String text, String ours, String theirs, int keys, List<Integer> threads, double limit) {

    static final int FEW = 1024;
    private static final int MANY = 1_000_000;
    private static final List<Integer> BOTH = List.of(1, 2);

    private static final String MAP = "NameBenchmark.mapOfAtomicLong";

    static final List<Target> ALL = List.of(
            of("`Counter.inc()` on ets / `AtomicLong.incrementAndGet()`", "Handle", "ets", "atomicLong", 1.15),
            of("`Counter.inc()` on atomics / `AtomicLong.incrementAndGet()`", "Handle", "atomics", "atomicLong", 1.15),
            new Target(
                    "`Counter.add(1)` on counters / `LongAdder.add(1)`",
                    "HandleBenchmark.countersAdd",
                    "HandleBenchmark.longAdder",
                    FEW,
                    List.of(2),
                    1.3),
            of("`CounterNamespace.inc(key)`, ets / map of `AtomicLong`", "Name", "ets", "mapOfAtomicLong", 1.05),
            of("the same, atomics / map of `AtomicLong`", "Name", "atomics", "mapOfAtomicLong", 1.05),
            of(
                    "`Counters.namespace(ns).inc(key)`, ets / map of `AtomicLong`",
                    "Name",
                    "etsThroughService",
                    "mapOfAtomicLong",
                    1.5),
            of("the same, atomics / map of `AtomicLong`", "Name", "atomicsThroughService", "mapOfAtomicLong", 1.5),
            of("`CounterNamespace.inc(key)`, ets / Guava `AtomicLongMap`", "Name", "ets", "guava", 0.5),
            of("the same, ets / Micrometer", "Name", "ets", "micrometer", 0.25),
            of("the same, ets / Prometheus", "Name", "ets", "prometheus", 0.25),
            new Target("1,000,000 keys: ets / map of `AtomicLong`", "NameBenchmark.ets", MAP, MANY, BOTH, 1.15),
            new Target("1,000,000 keys: atomics / map of `AtomicLong`", "NameBenchmark.atomics", MAP, MANY, BOTH, 1.15),
            of("10,000 namespaces of 100 keys: ets / one map each", "Namespaces", "ets", "maps", 1.15),
            of("10,000 namespaces of 100 keys: atomics / one map each", "Namespaces", "atomics", "maps", 1.15),
            of("backend without tables: through the registry / directly", "Gate", "gated", "direct", 3),
            new Target(
                    "10,000 counters on mvstore, flushed ten times a second / ets",
                    "StoredBenchmark.mvstore",
                    "StoredBenchmark.ets",
                    FEW,
                    List.of(1),
                    1.2));

    private static Target of(String text, String group, String ours, String theirs, double limit) {
        String prefix = group + "Benchmark.";
        return new Target(text, prefix + ours, prefix + theirs, FEW, BOTH, limit);
    }

    Run ours(int thread) {
        return new Run(ours, keys, thread);
    }

    Run theirs(int thread) {
        return new Run(theirs, keys, thread);
    }
}
