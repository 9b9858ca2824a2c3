package org.counterex.bench.scale;

import java.util.Random;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Discrete-event simulation of runtimes that count in servers. The same setup, costs and seed give the same outcome.
 *
 * <p>Not modelled: failures, garbage collection, other load on the machines, and the processor time of additions in
 * memory.
 */
final class Simulation {

    private static final long MAX_RECORDED_NS = 3_600_000_000_000L;

    final Setup setup;
    final Costs costs;
    final Engine engine = new Engine();
    final Random random;
    final KeyDistribution keys;
    final Shard[] shards;

    /** The shard that receives the heartbeats. */
    final int heartbeatShard;

    /** Counters of each bucket that change on every node between two flushes. */
    final int[] changed;

    private final Histogram times = new Histogram(MAX_RECORDED_NS, 3);
    private long begun;
    private long answered;
    private boolean ending;

    Simulation(Setup setup, Costs costs, long seed) {
        this.setup = setup;
        this.costs = costs;
        random = new Random(seed);
        keys = new KeyDistribution(setup);
        heartbeatShard = KeyDistribution.shard("heartbeat/0", setup.shards);
        changed = new int[keys.bucketCount()];
        for (int i = 0; i < setup.changed; i++) {
            int namespace = i % setup.namespaces;
            changed[namespace * setup.buckets + KeyDistribution.bucket(i / setup.namespaces, setup.buckets)]++;
        }
        Machine common = new Machine(engine, setup.cores);
        shards = Stream.generate(() -> new Shard(engine, setup.shared ? common : new Machine(engine, 1), costs))
                .limit(setup.shards)
                .toArray(Shard[]::new);
        for (int i = 0; i < setup.nodes; i++) {
            new Node(this, setup.shared ? common : new Machine(engine, setup.cores)).start();
        }
    }

    /** Runs a warm-up, and then records for some time. */
    Outcome run(long warmUpNs, long ns) {
        engine.runUntil(warmUpNs);
        times.reset();
        long before = answered;
        long operations = Stream.of(shards).mapToLong(Shard::operations).sum();
        long batches = Stream.of(shards).mapToLong(Shard::batches).sum();
        long[] busy = Stream.of(shards).mapToLong(Shard::busyNs).toArray();
        engine.runUntil(warmUpNs + ns);
        double seconds = ns / 1e9;
        long hottest = 0;
        for (int i = 0; i < shards.length; i++) {
            hottest = Math.max(hottest, shards[i].busyNs() - busy[i]);
        }
        return new Outcome(
                (answered - before) / seconds,
                times.getValueAtPercentile(50) / 1e3,
                times.getMean() / 1e3,
                times.getValueAtPercentile(99) / 1e3,
                (Stream.of(shards).mapToLong(Shard::operations).sum() - operations) / seconds,
                (Stream.of(shards).mapToLong(Shard::batches).sum() - batches) / seconds,
                Math.min(1, hottest / (double) ns));
    }

    /** Stops further calls, and runs until all calls are answered. */
    void finish() {
        ending = true;
        engine.runUntil(Long.MAX_VALUE);
    }

    boolean isEnding() {
        return ending;
    }

    long begunCalls() {
        return begun;
    }

    long answeredCalls() {
        return answered;
    }

    /** Returns a uniformly distributed time below a bound. */
    long randomDelay(long ns) {
        return (long) (random.nextDouble() * ns);
    }

    /** Returns the time to the next of independent events with a rate. */
    long randomInterval(double perSecond) {
        return Math.round(-Math.log(1 - random.nextDouble()) / perSecond * 1e9);
    }

    void begun() {
        begun++;
    }

    void answered(long since, long at) {
        answered++;
        times.recordValue(Math.min(MAX_RECORDED_NS, at - since));
    }

    void flushed(long since, int count) {
        times.recordValueWithCount(Math.min(MAX_RECORDED_NS, engine.now() - since), count);
    }
}
