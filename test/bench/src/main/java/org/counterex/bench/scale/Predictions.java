package org.counterex.bench.scale;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Predictions of the model for runtimes and servers with machines of their own. */
final class Predictions {

    /** Latency of one way in a data centre. */
    static final double LATENCY_NS = 100_000;

    static final List<Integer> NODES = List.of(1, 10, 100, 1_000, 5_000);
    static final List<Integer> RATES = List.of(1_000, 10_000, 100_000, 300_000, 1_000_000, 10_000_000);

    /** Below this share of the offered load the servers are saturated. */
    private static final double SUSTAINED_SHARE = 0.95;

    private static final double CALLS = 100_000;
    private static final long MIN_NS = 100_000_000L;
    private static final long WARM_UP_NS = 400_000_000L;
    private static final long MAX_NS = 2_000_000_000L;
    private static final long SEED = 42;

    /** One entry of a table. */
    record Row(Setup setup, Outcome outcome) {

        double offered() {
            return setup.buffered
                    ? setup.nodes * (double) setup.changed * 1e3 / setup.flushIntervalMs
                    : setup.nodes * setup.rate;
        }

        /** Returns the operations per second that the servers do, without heartbeats. */
        double achieved() {
            return outcome.operationsPerSecond() - setup.nodes * 1e3 / setup.heartbeatMs;
        }

        boolean isSustained() {
            return achieved() >= SUSTAINED_SHARE * offered();
        }
    }

    private final Costs costs;
    private final boolean sendsBeforeReplying;

    Predictions(Costs costs, boolean sendsBeforeReplying) {
        this.costs = costs.withLatency(LATENCY_NS);
        this.sendsBeforeReplying = sendsBeforeReplying;
    }

    /** Returns predictions for exact mode, by nodes and by total calls per second. */
    List<Row> exact(int shards, int buckets) {
        return run(NODES.stream()
                .flatMap(nodes -> RATES.stream()
                        .map(rate -> setup(setup -> {
                            setup.nodes = nodes;
                            setup.rate = rate / (double) nodes;
                            setup.shards = shards;
                            setup.buckets = buckets;
                        })))
                .toList());
    }

    /** Returns predictions for exact mode with 1,000 nodes at a total rate, by shards and buckets. */
    List<Row> spread(int rate) {
        return run(List.of(1, 4, 16, 64).stream()
                .flatMap(shards -> List.of(1, 16, 64, 256).stream()
                        .filter(buckets -> buckets >= shards)
                        .map(buckets -> setup(setup -> {
                            setup.nodes = 1_000;
                            setup.rate = rate / 1_000.0;
                            setup.shards = shards;
                            setup.buckets = buckets;
                        })))
                .toList());
    }

    /**
     * Returns predictions for buffered mode on one server, by nodes, changed counters of each node, and flush interval.
     */
    List<Row> buffered() {
        return run(NODES.stream()
                .flatMap(nodes -> List.of(100, 1_000, 10_000).stream()
                        .flatMap(changed -> List.of(100, 1_000, 10_000).stream()
                                .map(interval -> setup(setup -> {
                                    setup.buffered = true;
                                    setup.nodes = nodes;
                                    setup.changed = changed;
                                    setup.flushIntervalMs = interval;
                                    setup.buckets = 16;
                                }))))
                .toList());
    }

    /**
     * Returns predictions for exact mode on one server, 10 nodes with 60,000 calls per second in total, by namespaces.
     */
    List<Row> namespaces() {
        return run(List.of(1, 10, 100, 1_000, 10_000, 100_000).stream()
                .map(namespaces -> setup(setup -> {
                    setup.nodes = 10;
                    setup.rate = 6_000;
                    setup.namespaces = namespaces;
                    setup.keys = 100;
                }))
                .toList());
    }

    /**
     * Returns predictions for exact mode, 1,000 nodes with 300,000 calls per second in total, by the share of one key.
     */
    List<Row> hot() {
        return run(IntStream.of(0, 5, 10, 20, 30, 50, 75, 100)
                .mapToObj(part -> setup(setup -> {
                    setup.nodes = 1_000;
                    setup.rate = 300;
                    setup.shards = 16;
                    setup.buckets = 64;
                    setup.hot = part / 100.0;
                }))
                .toList());
    }

    private Setup setup(Consumer<Setup> change) {
        return Setup.of().with(setup -> {
            setup.keys = 10_000;
            setup.sendsBeforeReplying = sendsBeforeReplying;
            change.accept(setup);
        });
    }

    /** Runs simulations on all processors; they share no state. */
    private List<Row> run(List<Setup> setups) {
        return setups.parallelStream()
                .map(setup -> {
                    long ns = setup.buffered
                            ? 2 * setup.flushIntervalMs * 1_000_000
                            : Math.round(Math.max(MIN_NS, Math.min(MAX_NS, CALLS * 1e9 / setup.nodes / setup.rate)));
                    return new Row(setup, new Simulation(setup, costs, SEED).run(ns, ns));
                })
                .toList();
    }
}
