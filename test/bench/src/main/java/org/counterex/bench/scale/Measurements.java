package org.counterex.bench.scale;

import com.google.gson.annotations.SerializedName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** All that was measured, as it is kept. */
final class Measurements {

    /** One size of batch, sent by one connection one after the other: nanoseconds a batch. */
    record Batches(int size, double wall, double client, double server, double script) {}

    /**
     * Bytes.
     *
     * @param hashes of a hash of so many counters
     * @param sessions of what the server remembers of a batch of so many operations, all told
     * @param connection of one that does nothing
     */
    record Memory(List<long[]> hashes, List<double[]> sessions, double connection) {

        /** Derived from the hash of 100,000. */
        double counterBytes() {
            return hashes.stream()
                    .filter(hash -> hash[0] == 100_000)
                    .mapToDouble(hash -> (double) hash[1] / hash[0])
                    .findFirst()
                    .orElseThrow();
        }

        /** Derived from batches of 1 and of 500. */
        double sessionBytes(double operations) {
            double[] small = sessions.get(0);
            double[] large = sessions.get(1);
            return small[1] + (operations - small[0]) * (large[1] - small[1]) / (large[0] - small[0]);
        }
    }

    /** What processes of their own leave on the server: keys of sessions and connections. */
    record ServerResources(int processes, int namespaces, int buckets, int sessions, int poolSize, int connections) {}

    String machine;
    int rounds;
    String server;
    int cores;
    final List<Batches> batches = new ArrayList<>();
    final List<Sample> samples = new ArrayList<>();
    Memory memory;

    @SerializedName("left") // as in earlier files
    final List<ServerResources> serverResources = new ArrayList<>();

    /** Adds what was measured before. Other work of the machine only slows down, so of each point the best round counts. */
    void addAll(Measurements before) {
        rounds += before.rounds;
        for (Batches line : before.batches) {
            merge(
                    batches,
                    line,
                    Batches::size,
                    Comparator.comparingDouble(Batches::wall).reversed());
        }
        for (Sample sample : before.samples) {
            merge(
                    samples,
                    sample,
                    Sample::point,
                    Comparator.comparingDouble(Sample::callsPerSecond)
                            .thenComparingDouble(Sample::operationsPerSecond));
        }
    }

    private static <T> void merge(List<T> lines, T other, Function<T, ?> what, Comparator<T> better) {
        lines.replaceAll(
                line -> what.apply(line).equals(what.apply(other)) && better.compare(other, line) > 0 ? other : line);
    }
}
