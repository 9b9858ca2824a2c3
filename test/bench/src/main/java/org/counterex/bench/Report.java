package org.counterex.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.counterex.bench.Results.Ratio;
import org.counterex.bench.Results.Run;

/**
 * Writer of the measured part of {@code docs/performance.md}, between two marks; the text around them is left
 * unchanged.
 */
public final class Report {

    private static final Path FILE = Path.of("docs", "performance.md");
    private static final String BEGIN = "<!-- measured: begin -->";
    private static final String END = "<!-- measured: end -->";

    private final String command;
    private final Results results;
    private final Map<String, Double> bytes;
    private final SwapRun.Result swap;
    private final CommitRun.Result commits;
    private final ServerRun.Result server;
    private final Markdown text = new Markdown();

    Report(
            String command,
            Results results,
            Map<String, Double> bytes,
            SwapRun.Result swap,
            CommitRun.Result commits,
            ServerRun.Result server) {
        this.command = command;
        this.results = results;
        this.bytes = bytes;
        this.swap = swap;
        this.commits = commits;
        this.server = server;
    }

    void write() throws IOException {
        text.line("%s", machine(command));
        targets();
        memory();
        everything();
        moves();
        commits();
        server();
        insert(FILE, text.toString());
    }

    /** Returns a sentence with command, date, machine and VM. */
    public static String machine(String command) throws IOException {
        return String.format(
                Locale.ROOT,
                "`%s` on %s: %s, %d cores, %s %s, Linux.",
                command,
                LocalDate.now(),
                processor(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"));
    }

    /** Replaces the text between the two marks of a file. */
    public static void insert(Path path, CharSequence text) throws IOException {
        String file = Files.readString(path);
        int begin = file.indexOf(BEGIN);
        int end = file.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException("marks are missing: file=" + path + " begin=" + BEGIN + " end=" + END);
        }
        Files.writeString(path, file.substring(0, begin + BEGIN.length()) + "\n\n" + text + "\n" + file.substring(end));
    }

    private static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
    }

    private static String verdict(double value, double limit) {
        return value <= limit ? "met" : "**missed**";
    }

    private void targets() {
        text.line("%n### Targets%n");
        text.line("Medians in ns per call, their ratio, and the lowest and highest ratio of a single round.%n");
        text.line("| | threads | ours | theirs | ratio | spread | at most | |");
        text.line("| --- | ---: | ---: | ---: | ---: | --- | ---: | --- |");
        for (Target target : Target.ALL) {
            for (int threads : target.threads()) {
                Ratio ratio = results.ratio(target.ours(threads), target.theirs(threads));
                text.line(
                        "| %s | %d | %.1f | %.1f | %.2f | %.2f to %.2f | %.2f | %s |",
                        target.text(),
                        threads,
                        ratio.ours(),
                        ratio.theirs(),
                        ratio.ratio(),
                        ratio.least(),
                        ratio.most(),
                        target.limit(),
                        verdict(ratio.ratio(), target.limit()));
            }
        }
        String allocating = Target.ALL.stream()
                .filter(target ->
                        target.ours().startsWith("Handle") || target.ours().startsWith("Name"))
                .flatMap(target -> target.threads().stream().map(target::ours))
                .filter(run -> run.keys() == Target.FEW && !run.benchmark().startsWith("Namespaces"))
                .filter(run ->
                        results.allocated(run) >= 0.5) // the rest is of JMH itself, spread over millions of calls
                .map(run -> run.benchmark() + " " + results.allocated(run))
                .distinct()
                .collect(Collectors.joining(", "));
        text.line(
                "| bytes allocated per call, by handle, and by name with 1,024 keys | 1, 2 | %s | | | | 0 | %s |",
                allocating.isEmpty() ? "0" : allocating, allocating.isEmpty() ? "met" : "**missed**");
    }

    private void memory() {
        text.line("%n### Memory%n");
        text.line("Bytes per counter, excluding keys, with %,d counters.%n", Footprint.COUNTERS);
        text.line("| | bytes | / map of `AtomicLong` | at most | |");
        text.line("| --- | ---: | ---: | ---: | --- |");
        double map = bytes.get("map");
        text.line("| map of `AtomicLong` | %.1f | | | |", map);
        Map<String, Double> limits = Map.of("ets", 0.75, "atomics", 0.5);
        for (String backend : Bundles.BACKENDS) {
            double ratio = bytes.get(backend) / map;
            Double limit = limits.get(backend);
            text.line(
                    "| %s | %.1f | %.2f | %s | %s |",
                    backend,
                    bytes.get(backend),
                    ratio,
                    limit == null ? "" : limit,
                    limit == null ? "" : verdict(ratio, limit));
        }
    }

    private void everything() {
        text.line("%n### All measurements%n");
        text.line("| | keys | threads | ns per call | bytes per call |");
        text.line("| --- | ---: | ---: | ---: | ---: |");
        for (Run run : results.runs()) {
            text.line(
                    "| %s | %s | %d | %.1f | %.1f |",
                    run.benchmark().replace("Benchmark", ""),
                    Charts.isKeyed(run) ? String.format(Locale.ROOT, "%,d", run.keys()) : "",
                    run.threads(),
                    results.time(run),
                    results.allocated(run));
        }
        text.line("%n![Throughput by number of threads](performance/threads.svg)%n");
        text.line("![Throughput by number of counters](performance/counters.svg)");
    }

    private void moves() {
        text.line("%n### Moving 1,000,000 counters%n");
        text.line("With idle writers, medians:%n");
        text.line("| | ms | counters per second | bytes allocated per counter | of these, the new table |");
        text.line("| --- | ---: | ---: | ---: | ---: |");
        swap.moves().stream()
                .collect(Collectors.groupingBy(move -> move.from() + " to " + move.to()))
                .forEach((direction, moves) -> text.line(
                        "| %s | %.0f | %,.0f | %.1f | %.1f |",
                        direction,
                        median(moves, SwapRun.Move::ms),
                        median(moves, SwapRun.Move::countersPerSecond),
                        median(moves, SwapRun.Move::allocatedBytesPerCounter),
                        bytes.get(moves.get(0).to().replaceAll("/.*", ""))));
        text.line("%nWith two writers at full speed, by name in random order; all phases have the length of the moves."
                + " Latency of a call in us:%n");
        text.line("| | ms | calls per second | median | 99 %% | 99.9 %% | 99.99 %% | maximum |");
        text.line("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (SwapRun.Phase phase : swap.phases()) {
            text.line(
                    "| %s | %.0f | %,.0f | %.2f | %.2f | %.1f | %.0f | %.0f |",
                    phase.name(),
                    phase.ms(),
                    phase.callsPerSecond(),
                    phase.p50(),
                    phase.p99(),
                    phase.p999(),
                    phase.p9999(),
                    phase.max());
        }
        SwapRun.Phase alone = swap.phases().get(0);
        SwapRun.Phase withBusyThread = swap.phases().get(1);
        SwapRun.Phase during = swap.phases().get(2);
        double ratio = during.callsPerSecond() / alone.callsPerSecond();
        text.line(
                "%nThroughput during moves relative to writers alone: %.2f, at least 0.25: %s. Maximum latency"
                        + " beyond that of the control with a busy thread: %.1f ms.%n",
                ratio, ratio >= 0.25 ? "met" : "**missed**", Math.max(0, during.max() - withBusyThread.max()) / 1e3);
        text.line("![Latency during moves](performance/swap.svg)");
    }

    private void commits() {
        text.line("%n### Waiting for the disk%n");
        text.line(
                "The disk syncs a page of 4 KiB %,.0f times per second. Additions on `mvstore` with `durability ="
                        + " commit`, medians:%n",
                median(commits.syncsPerSecond(), Double::doubleValue));
        text.line("| threads | additions per second | commits per second | additions / syncs of the disk |");
        text.line("| ---: | ---: | ---: | ---: |");
        Map<Integer, List<CommitRun.Line>> byThreads = commits.lines().stream()
                .collect(Collectors.groupingBy(CommitRun.Line::threads, TreeMap::new, Collectors.toList()));
        byThreads.forEach((threads, lines) -> text.line(
                "| %d | %,.0f | %,.0f | %.2f |",
                threads,
                median(lines, CommitRun.Line::additionsPerSecond),
                median(lines, CommitRun.Line::commitsPerSecond),
                median(lines, CommitRun.Line::additionsPerSecond)
                        / median(commits.syncsPerSecond(), Double::doubleValue)));
    }

    private void server() {
        text.line("%n### Counting in a server%n");
        text.line("The server shares the processors of the same machine; medians.%n");
        text.line("| | threads | additions per second | / one by one |");
        text.line("| --- | ---: | ---: | ---: |");
        double baseline = 0;
        for (ServerRun.Kind kind : ServerRun.KINDS) {
            double rate = median(
                    server.lines().stream()
                            .filter(line -> line.what().equals(kind.what()) && line.threads() == kind.threads())
                            .toList(),
                    ServerRun.Line::additionsPerSecond);
            baseline = baseline == 0 ? rate : baseline;
            text.line("| %s | %d | %,.0f | %.2f |", kind.what(), kind.threads(), rate, rate / baseline);
        }
    }

    private static <T> double median(List<T> all, ToDoubleFunction<T> what) {
        return Results.median(all.stream().mapToDouble(what).toArray());
    }
}
