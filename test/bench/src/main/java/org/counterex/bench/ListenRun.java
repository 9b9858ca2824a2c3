package org.counterex.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures the cost of a listener for callers, in rounds as {@link Suite} does, and prints a table. It is not part of
 * the suite since a listener that cannot keep up occupies a core.
 *
 * <p>{@code java -cp "test/bench/target/classes:test/bench/target/lib/*" org.counterex.bench.ListenRun [ROUNDS]}
 */
public final class ListenRun {

    private static final List<String> METHODS = List.of("handle", "stripedHandle", "name");
    private static final List<String> LISTENING =
            List.of(ListenBenchmark.NONE, ListenBenchmark.OTHER, ListenBenchmark.SAME);
    private static final long SEED = 42;

    private record Run(String method, String listening) {}

    private ListenRun() {}

    /** @param args the number of rounds, 3 by default */
    public static void main(String[] args) throws Exception {
        Map<String, List<Double>> times = new TreeMap<>();
        Map<String, Double> bytes = new TreeMap<>();
        Random order = new Random(SEED);
        for (int round = args.length == 0 ? 3 : Integer.parseInt(args[0]); round > 0; round--) {
            List<Run> runs = METHODS.stream()
                    .flatMap(method -> LISTENING.stream().map(listening -> new Run(method, listening)))
                    .collect(Collectors.toCollection(ArrayList::new));
            Collections.shuffle(runs, order);
            for (Run run : runs) {
                RunResult result = measure(run);
                times.computeIfAbsent(run.toString(), absent -> new ArrayList<>())
                        .add(result.getPrimaryResult().getScore());
                bytes.merge(
                        run.toString(),
                        result.getSecondaryResults().get("gc.alloc.rate.norm").getScore(),
                        Math::max);
            }
        }
        System.out.println("| | listener | ns per call | ratio | of single rounds | bytes per call |");
        System.out.println("| --- | --- | ---: | ---: | --- | ---: |");
        for (String method : METHODS) {
            List<Double> control = times.get(new Run(method, ListenBenchmark.NONE).toString());
            for (String listening : LISTENING) {
                String run = new Run(method, listening).toString();
                List<Double> ours = times.get(run);
                List<Double> ratios = new ArrayList<>();
                for (int i = 0; i < ours.size(); i++) {
                    ratios.add(ours.get(i) / control.get(i));
                }
                System.out.printf(
                        "| %s | %s | %.1f | %.2f | %.2f to %.2f | %.1f |%n",
                        method,
                        listening,
                        median(ours),
                        median(ours) / median(control),
                        Collections.min(ratios),
                        Collections.max(ratios),
                        bytes.get(run));
            }
        }
    }

    private static double median(List<Double> values) {
        return Results.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static RunResult measure(Run run) throws Exception {
        OptionsBuilder options = new OptionsBuilder();
        options.include("\\.ListenBenchmark\\." + run.method + "$")
                .param("listening", run.listening)
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .threads(1)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(300))
                .measurementIterations(4)
                .measurementTime(TimeValue.milliseconds(200))
                .jvmArgs("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch")
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        return new Runner(options.build()).runSingle();
    }
}
