package org.counterex.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** What JMH has measured, round by round; in each round every benchmark has run once, one after the other. */
final class Results {

    static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeSpecialFloatingPointValues()
            .create();

    /** What was run: a method, with so many keys, by so many threads. */
    record Run(String benchmark, int keys, int threads) implements Comparable<Run> {
        @Override
        public int compareTo(Run other) {
            return toString().compareTo(other.toString());
        }
    }

    /** How two runs compare. */
    record Ratio(double ours, double theirs, double ratio, double least, double most) {}

    /** Of each round, the median time of a call in ns. */
    private final Map<Run, List<Double>> medians = new TreeMap<>();

    /** Bytes allocated by a call, the most of any round. */
    private final Map<Run, Double> allocated = new TreeMap<>();

    /** What JMH says, for its own format. */
    final List<RunResult> raw = new ArrayList<>();

    void add(Run run, Collection<RunResult> results) {
        raw.addAll(results);
        for (RunResult result : results) {
            double[] times = result.getBenchmarkResults().stream()
                    .flatMap(fork -> fork.getIterationResults().stream())
                    .map(IterationResult::getPrimaryResult)
                    .mapToDouble(Result::getScore)
                    .toArray();
            medians.computeIfAbsent(run, absent -> new ArrayList<>()).add(median(times));
            result.getSecondaryResults().forEach((name, value) -> {
                if (name.endsWith("gc.alloc.rate.norm")) {
                    allocated.merge(run, value.getScore(), Math::max);
                }
            });
        }
    }

    /** All runs, in the order of their names. */
    Set<Run> runs() {
        return medians.keySet();
    }

    boolean has(Run run) {
        return medians.containsKey(run);
    }

    double time(Run run) {
        return median(medians.get(run).stream().mapToDouble(Double::doubleValue).toArray());
    }

    double allocated(Run run) {
        return allocated.getOrDefault(run, Double.NaN);
    }

    /** Medians over all rounds, and between which bounds the ratio lies in single rounds. */
    Ratio ratio(Run ours, Run theirs) {
        List<Double> upper = medians.get(ours);
        List<Double> lower = medians.get(theirs);
        double[] single = new double[Math.min(upper.size(), lower.size())];
        Arrays.setAll(single, i -> upper.get(i) / lower.get(i));
        return new Ratio(
                time(ours),
                time(theirs),
                time(ours) / time(theirs),
                Arrays.stream(single).min().orElseThrow(),
                Arrays.stream(single).max().orElseThrow());
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
