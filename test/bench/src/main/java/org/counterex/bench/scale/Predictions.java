package org.counterex.bench.scale;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What the model foretells of runtimes and servers with machines of their own. */
final class Predictions {

    /** One way, in a data centre. */
    static final double LATENCY_NS = 100_000;

    static final List<Integer> NODES = List.of(1, 10, 100, 1_000, 5_000);
    static final List<Integer> RATES = List.of(1_000, 10_000, 100_000, 300_000, 1_000_000, 10_000_000);

    /** Less of what is asked for is too little: more comes than can be done. */
    private static final double SUSTAINED_SHARE = 0.95;

    private static final double CALLS = 100_000;
    private static final long MIN_NS = 100_000_000L;
    private static final long WARM_UP_NS = 400_000_000L;
    private static final long MAX_NS = 2_000_000_000L;
    private static final long SEED = 42;

    /** One line of a table. */
    record Row(Setup setup, Outcome outcome) {

        double offered() {
            return setup.buffered
                    ? setup.nodes * (double) setup.changed * 1e3 / setup.flushIntervalMs
                    : setup.nodes * setup.rate;
        }

        /** What the servers do of it; heartbeats are not counted. */
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

    /** Exact, so many nodes that make so many calls a second all together, with so many shards and buckets. */
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

    /** Exact, 1,000 nodes at a rate, over shards and buckets. */
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

    /** Buffered, on one server: nodes, counters that each has changed, and how often it sends them. */
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

    /** Exact, 10 nodes that make 60,000 calls a second all together, in so many namespaces, on one server. */
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

    /** Exact, 1,000 nodes that make 300,000 calls a second all together, of which a part goes to one key. */
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

    /** On all processors; each simulation is a world of its own. */
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
