package org.counterex.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Results of JMH, round by round; in each round every benchmark has run once. */
public final class Results {

    public static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeSpecialFloatingPointValues()
            .create();

    /** A benchmark method with a number of keys and of threads. */
    record Run(String benchmark, int keys, int threads) implements Comparable<Run> {
        @Override
        public int compareTo(Run other) {
            return toString().compareTo(other.toString());
        }
    }

    /** Comparison of two runs. */
    record Ratio(double ours, double theirs, double ratio, double least, double most) {}

    /** The median time of a call in ns, for each round. */
    private final Map<Run, List<Double>> medians = new TreeMap<>();

    /** Bytes allocated per call, the maximum of all rounds. */
    private final Map<Run, Double> allocated = new TreeMap<>();

    /** Reads the output of JMH: one run after the other, round by round. */
    static Results read(Path file) throws IOException {
        Results results = new Results();
        try (Reader reader = Files.newBufferedReader(file)) {
            for (JsonElement element : GSON.fromJson(reader, JsonArray.class)) {
                results.add(element.getAsJsonObject());
            }
        }
        return results;
    }

    private void add(JsonObject result) {
        String benchmark = result.get("benchmark").getAsString();
        JsonObject parameters = result.getAsJsonObject("params");
        Run run = new Run(
                benchmark.substring(Results.class.getPackageName().length() + 1),
                parameters == null ? Target.FEW : parameters.get("keys").getAsInt(),
                result.get("threads").getAsInt());
        double[] times = GSON.fromJson(
                result.getAsJsonObject("primaryMetric")
                        .getAsJsonArray("rawData")
                        .get(0),
                double[].class);
        medians.computeIfAbsent(run, absent -> new ArrayList<>()).add(median(times));
        result.getAsJsonObject("secondaryMetrics").entrySet().forEach(metric -> {
            if (metric.getKey().endsWith("gc.alloc.rate.norm")) {
                allocated.merge(
                        run, metric.getValue().getAsJsonObject().get("score").getAsDouble(), Math::max);
            }
        });
    }

    /** Returns all runs, ordered by name. */
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

    /** Returns medians over all rounds, with the lowest and highest ratio of a single round. */
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

    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
