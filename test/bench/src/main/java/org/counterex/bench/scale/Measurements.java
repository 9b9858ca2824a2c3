package org.counterex.bench.scale;

import com.google.gson.annotations.SerializedName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** All measurements, in the form of the result file. */
final class Measurements {

    /** Nanoseconds per batch of one size, sent one after the other by one connection. */
    record Batches(int size, double wall, double client, double server, double script) {}

    /**
     * Memory of the server in bytes.
     *
     * @param hashes pairs of a number of counters and the size of their hash
     * @param sessions pairs of the number of operations in the last batch and the size of a session
     * @param connection size of an idle connection
     */
    record Memory(List<long[]> hashes, List<double[]> sessions, double connection) {

        /** Returns the size of a counter, derived from the hash of 100,000. */
        double counterBytes() {
            return hashes.stream()
                    .filter(hash -> hash[0] == 100_000)
                    .mapToDouble(hash -> (double) hash[1] / hash[0])
                    .findFirst()
                    .orElseThrow();
        }

        /** Returns the size of a session, derived from last batches of 1 and of 500. */
        double sessionBytes(double operations) {
            double[] small = sessions.get(0);
            double[] large = sessions.get(1);
            return small[1] + (operations - small[0]) * (large[1] - small[1]) / (large[0] - small[0]);
        }
    }

    /** Session keys and connections on the server after a run of several processes. */
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

    /** Adds earlier rounds. Other load on the machine only slows down, so the best round of each point counts. */
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
