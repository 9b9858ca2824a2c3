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

/** What JMH has measured, round by round; in each round every benchmark has run once, one after the other. */
public final class Results {

    public static final Gson GSON = new GsonBuilder()
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

    /** Reads what JMH has written: one run after the other, round by round. */
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

    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
