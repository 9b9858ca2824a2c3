package org.counterex.bench;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jctools.counters.CountersFactory;
import org.jctools.counters.FixedSizeStripedLongCounter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Benchmark of one addition by handle: all threads count on the same counter. */
public class HandleBenchmark {

    /** Baselines. */
    @State(Scope.Benchmark)
    public static class Others {
        private final AtomicLong atomic = new AtomicLong();
        private final LongAdder adder = new LongAdder();
        private final FixedSizeStripedLongCounter striped = CountersFactory.createFixedSizeStripedCounter(8);
    }

    @Benchmark
    public long atomicLong(InUse use, Others others) {
        return others.atomic.incrementAndGet();
    }

    @Benchmark
    public void longAdder(InUse use, Others others) {
        others.adder.add(1);
    }

    @Benchmark
    public void jctools(InUse use, Others others) {
        others.striped.inc();
    }

    @Benchmark
    public long ets(InUse use) {
        return use.etsHandle.inc();
    }

    @Benchmark
    public long atomics(InUse use) {
        return use.atomicsHandle.inc();
    }

    @Benchmark
    public void countersAdd(InUse use) {
        use.stripedHandle.add(1);
    }
}
