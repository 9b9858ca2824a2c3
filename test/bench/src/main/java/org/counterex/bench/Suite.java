package org.counterex.bench;

import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.counterex.bench.Results.Run;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Entry point that runs all benchmarks and writes the record.
 *
 * <p>A shared machine is faster at one time than at another. The benchmarks therefore run in rounds: in every round
 * each runs once, in a VM of its own and in random order. The record compares medians over all rounds, and gives the
 * ratios of single rounds as the spread.
 */
public final class Suite {

    private static final Path RESULTS = Path.of("test", "bench", "target", "results");
    private static final Path JMH = RESULTS.resolve("jmh.json");
    private static final Path SWAP = RESULTS.resolve("swap.json");
    private static final Path COMMIT = RESULTS.resolve("commit.json");
    private static final Path SERVER = RESULTS.resolve("server.json");
    private static final Path FOOTPRINT = RESULTS.resolve("footprint.json");

    /** Memory is touched in advance: the first allocation in a page costs several times what later ones cost. */
    private static final List<String> SMALL_HEAP = List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");

    private static final List<String> LARGE_HEAP = List.of("-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch");
    private static final long SEED = 42;

    /** Duration and precision of a run. */
    private enum Effort {
        QUICK(1, 2, 4, 150, 1),
        MEDIUM(3, 2, 4, 200, 2),
        FULL(7, 4, 8, 400, 5);

        private final int rounds;
        private final int warmUp;
        private final int iterations;
        private final int iterationMs;
        private final int swapRounds;

        Effort(int rounds, int warmUp, int iterations, int iterationMs, int swapRounds) {
            this.rounds = rounds;
            this.warmUp = warmUp;
            this.iterations = iterations;
            this.iterationMs = iterationMs;
            this.swapRounds = swapRounds;
        }
    }

    private final Effort effort;

    private Suite(Effort effort) {
        this.effort = effort;
    }

    /**
     * @param args {@code quick}, {@code medium} or {@code full}; or {@code report} and one of these, to write the
     *     record again from the latest results
     */
    public static void main(String[] args) throws Exception {
        Files.createDirectories(RESULTS);
        String effort = args[args.length - 1];
        if (!args[0].equals("report")) {
            new Suite(Effort.valueOf(effort.toUpperCase(Locale.ROOT))).run();
        }
        report("test/bench/run " + effort);
    }

    private void run() throws Exception {
        java(Footprint.class, FOOTPRINT.toString());
        java(SwapRun.class, SWAP.toString(), Integer.toString(effort.swapRounds));
        java(CommitRun.class, COMMIT.toString(), Integer.toString(effort.swapRounds));
        java(ServerRun.class, SERVER.toString(), Integer.toString(effort.swapRounds));
        List<RunResult> results = new ArrayList<>();
        Random order = new Random(SEED);
        for (int round = 1; round <= effort.rounds; round++) {
            List<Run> runs = runs(round);
            Collections.shuffle(runs, order);
            for (int i = 0; i < runs.size(); i++) {
                System.out.printf("round %d of %d, %d of %d: ", round, effort.rounds, i + 1, runs.size());
                measure(runs.get(i), results);
            }
            // After each round, so that "report" has the results so far if the run is interrupted.
            ResultFormatFactory.getInstance(ResultFormatType.JSON, JMH.toString())
                    .writeOut(results);
        }
    }

    private static void report(String command) throws IOException {
        Results results = Results.read(JMH);
        SwapRun.Result swap = read(SWAP, SwapRun.Result.class);
        CommitRun.Result commits = read(COMMIT, CommitRun.Result.class);
        ServerRun.Result server = read(SERVER, ServerRun.Result.class);
        Map<String, Double> bytes = read(FOOTPRINT, new TypeToken<Map<String, Double>>() {}.getType());
        Charts.write(results, swap);
        new Report(command, results, bytes, swap, commits, server).write();
    }

    /** Returns the runs of the targets; with enough time also those of the charts, at least once. */
    private List<Run> runs(int round) {
        TreeSet<Run> runs = new TreeSet<>();
        for (Target target : Target.ALL) {
            for (int threads : target.threads()) {
                runs.add(target.ours(threads));
                runs.add(target.theirs(threads));
            }
        }
        if (effort == Effort.FULL || effort == Effort.MEDIUM && round == 1) {
            runs.addAll(Charts.runs());
            for (String method : List.of("atomics", "countersAdd", "rawMvstore")) {
                runs.add(new Run("StoredBenchmark." + method, Target.FEW, 1));
            }
        }
        return new ArrayList<>(runs);
    }

    private void measure(Run run, List<RunResult> results) throws Exception {
        OptionsBuilder options = new OptionsBuilder();
        options.include("\\." + run.benchmark().replace(".", "\\.") + "$")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .threads(run.threads())
                .forks(1)
                .warmupIterations(effort.warmUp)
                .warmupTime(TimeValue.milliseconds(effort.iterationMs))
                .measurementIterations(effort.iterations)
                .measurementTime(TimeValue.milliseconds(effort.iterationMs))
                .jvmArgs((isLarge(run) ? LARGE_HEAP : SMALL_HEAP).toArray(new String[0]))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (Charts.isKeyed(run)) {
            options.param("keys", Integer.toString(run.keys()));
        }
        for (RunResult result : new Runner(options.build()).run()) {
            results.add(result);
            System.out.printf(
                    "%s %,d keys %d threads: %.1f ns%n",
                    run.benchmark(),
                    run.keys(),
                    run.threads(),
                    result.getPrimaryResult().getScore());
        }
    }

    private static boolean isLarge(Run run) {
        return run.keys() > Target.FEW || run.benchmark().startsWith("Namespaces");
    }

    /** Runs a class of this module in a VM of its own. */
    private static void java(Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LARGE_HEAP);
        command.addAll(List.of("-Djdk.attach.allowAttachSelf=true", "-Djol.magicFieldOffset=true"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        System.out.println(main.getSimpleName());
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException("process failed: class=" + main.getSimpleName() + " exit=" + exit);
        }
    }

    private static <T> T read(Path file, Type type) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return Results.GSON.fromJson(reader, type);
        }
    }
}
