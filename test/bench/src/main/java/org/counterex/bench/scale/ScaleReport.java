package org.counterex.bench.scale;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.counterex.bench.Charts;
import org.counterex.bench.Report;
import org.counterex.bench.scale.Predictions.Row;
import org.knowm.xchart.XYChart;

/** Writes what was measured and predicted into {@code docs/scale.md}, between two marks, and draws its charts. */
final class ScaleReport {

    private static final Path FILE = Path.of("docs", "scale.md");
    private static final Path FOLDER = Path.of("docs", "scale");
    private static final double FAR = 1.5;
    private static final int MAX_CLIENTS = 10_000;

    private final Measurements measured;
    private final Costs costs;
    private final boolean sendsBeforeReplying;
    private final Predictions predictions;
    private final StringBuilder text = new StringBuilder();

    ScaleReport(Measurements measured, boolean sendsBeforeReplying) {
        this.measured = measured;
        this.sendsBeforeReplying = sendsBeforeReplying;
        this.costs = Calibration.of(measured, sendsBeforeReplying);
        this.predictions = new Predictions(costs, sendsBeforeReplying);
    }

    void write() throws IOException {
        line(
                "%s Server: Redis %s. Rounds: %d; of each point the best one, as other work of the machine only slows down.",
                measured.machine, measured.server, measured.rounds);
        costs();
        checks();
        exact();
        spread();
        buffered();
        namespaces();
        hot();
        memory();
        connections();
        Report.insert(FILE, text);
    }

    private void line(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    private void costs() {
        line("%n### Costs%n");
        line("| microseconds | | from |");
        line("| --- | ---: | --- |");
        String batches = "batches of 1 to 500, by one connection";
        line("| server: a batch | %.1f | %s |", (costs.serverBatch() + costs.serverReply()) / 1e3, batches);
        line("| server: an operation of a batch | %.2f | the same |", costs.serverOperation() / 1e3);
        line("| runtime: a batch | %.1f | 1 caller, exact |", costs.clientBatch() / 1e3);
        line("| runtime: an operation of a batch | %.2f | batches of 1 to 500 |", costs.clientOperation() / 1e3);
        line("| network: one way, on one machine | %.1f | the same |", costs.latency() / 1e3);
        line("| runtime: a call | %.1f | assumed |", costs.call() / 1e3);
        line("| runtime: to wake a thread | %.1f | 64 callers, exact |", costs.wake() / 1e3);
        line("| runtime: a counter that a flush sends | %.2f | 10,000 counters, buffered |", costs.enqueue() / 1e3);
        line("| runtime: a counter that it leaves | %.2f | the same |", costs.skip() / 1e3);
        line(
                "%nSo a server applies %,.0f batches of one operation a second, or %,.0f operations in batches of 500.",
                capacity(1), capacity(500));
    }

    private double capacity(int size) {
        return 1e9 / ((costs.serverBatch() + costs.serverReply()) / size + costs.serverOperation());
    }

    private void checks() {
        line("%n### Foretold and measured%n");
        line(
                "Calls a second (buffered: counters that reach the server), operations of a batch, and the part of the time in which the"
                        + " server is busy; foretold, measured, and the ratio. **Bold** is off by more than 1.5.%n");
        line("| | a second | | | a batch | | | busy | | |");
        line("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (Sample sample : measured.samples) {
            Point point = sample.point();
            if (point.calibrates()) {
                continue;
            }
            Outcome outcome = Calibration.run(measured, point, costs, sendsBeforeReplying);
            line(
                    "| %s | %s | %s | %s |",
                    name(point),
                    point.buffered()
                            ? compared("%,.0f", outcome.operationsPerSecond(), sample.operationsPerSecond())
                            : compared("%,.0f", outcome.callsPerSecond(), sample.callsPerSecond()),
                    compared("%.1f", outcome.meanBatch(), sample.meanBatch()),
                    compared("%.2f", outcome.hottest(), sample.busy()));
        }
        line("%nTime of a call in microseconds, median and 99th of 100:%n");
        line("| | median | | | 99th | | |");
        line("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (Sample sample : measured.samples) {
            if (!sample.point().buffered() && !sample.point().calibrates()) {
                Outcome outcome = Calibration.run(measured, sample.point(), costs, sendsBeforeReplying);
                line(
                        "| %s | %s | %s |",
                        name(sample.point()),
                        compared("%,.0f", outcome.medianUs(), sample.medianUs()),
                        compared("%,.0f", outcome.p99Us(), sample.p99Us()));
            }
        }
        line("%nMemory and connections:%n");
        line("| | foretold | measured | ratio |");
        line("| --- | ---: | ---: | ---: |");
        for (long[] hash : measured.memory.hashes()) {
            if (hash[0] != 100_000) {
                line("| bytes of %,d counters | %s |", hash[0], compared("%,.0f", hash[0] * counterBytes(), hash[1]));
            }
        }
        double[] check = measured.memory.sessions().get(2);
        line(
                "| bytes of a session, last batch of %.0f operations | %s |",
                check[0], compared("%,.0f", sessionBytes(check[0]), check[1]));
        for (Measurements.ServerResources resources : measured.serverResources) {
            line(
                    "| sessions of %d processes, %d namespaces, %d buckets | %s |",
                    resources.processes(),
                    resources.namespaces(),
                    resources.buckets(),
                    compared(
                            "%,.0f",
                            resources.processes() * resources.namespaces() * resources.buckets(),
                            (double) resources.sessions()));
            line(
                    "| connections of %d processes, `poolSize = %d` | %s |",
                    resources.processes(),
                    resources.poolSize(),
                    compared("%,.0f", resources.processes() * resources.poolSize(), (double) resources.connections()));
        }
    }

    private static String name(Point point) {
        String processes = point.processes() == 1 ? "" : point.processes() + " processes, ";
        String namespaces = point.namespaces() == 1 ? "" : point.namespaces() + " namespaces, ";
        String buckets = point.buckets() == 1 ? "" : point.buckets() + " buckets, ";
        String keys = point.keys() == 1 ? "1 counter" : String.format(Locale.ROOT, "%,d counters", point.keys());
        return (point.buffered() ? "buffered, " : "exact, ")
                + processes
                + (point.buffered() ? "" : point.callers() + (point.callers() == 1 ? " caller, " : " callers, "))
                + namespaces
                + buckets
                + keys;
    }

    private static String compared(String format, double predicted, double measured) {
        double ratio = predicted / measured;
        String shown = String.format(Locale.ROOT, "%.2f", ratio);
        return String.format(
                Locale.ROOT,
                format + " | " + format + " | %s",
                predicted,
                measured,
                ratio > FAR || ratio < 1 / FAR ? "**" + shown + "**" : shown);
    }

    private void exact() throws IOException {
        line("%n### Exact: nodes and increments%n");
        line(
                "All nodes count in one namespace. Median and 99th time of a call in ms, and how busy the server is; where more comes than"
                        + " can be done, what is done.%n");
        XYChart done =
                Charts.chart("Exact, one server, one bucket", "increments asked for a second", "answered a second");
        done.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        XYChart times =
                Charts.chart("Exact, one server, one bucket", "increments answered a second", "median of a call in ms");
        times.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        List<Row> one = predictions.exact(1, 1);
        line("One server, one bucket:%n");
        matrix(one);
        for (int nodes : Predictions.NODES) {
            List<Row> rows =
                    one.stream().filter(row -> row.setup().nodes == nodes).toList();
            chart(done, nodes + " nodes", rows, Row::offered, row -> Math.min(row.offered(), row.achieved()));
            List<Row> held = rows.stream().filter(Row::isSustained).toList();
            chart(
                    times,
                    nodes + " nodes",
                    held,
                    Row::offered,
                    row -> row.outcome().medianUs() / 1e3);
        }
        Charts.save(done, FOLDER, "exact");
        Charts.save(times, FOLDER, "latency");
        line("%n![What one server answers](scale/exact.svg)%n");
        line("![How long a call takes](scale/latency.svg)%n");
        line("A cluster of 64 shards, 256 buckets:%n");
        matrix(predictions.exact(64, 256));
    }

    private static void chart(
            XYChart chart, String name, List<Row> rows, ToDoubleFunction<Row> x, ToDoubleFunction<Row> y) {
        Charts.line(
                chart,
                name,
                rows.stream().mapToDouble(x).toArray(),
                rows.stream().mapToDouble(y).toArray());
    }

    private void matrix(List<Row> rows) {
        StringBuilder head = new StringBuilder("| nodes |");
        StringBuilder rule = new StringBuilder("| ---: |");
        for (int rate : Predictions.RATES) {
            head.append(String.format(Locale.ROOT, " %,d a second |", rate));
            rule.append(" --- |");
        }
        line("%s", head);
        line("%s", rule);
        for (int nodes : Predictions.NODES) {
            StringBuilder cells = new StringBuilder();
            for (Row row : rows) {
                if (row.setup().nodes == nodes) {
                    cells.append(' ').append(cell(row)).append(" |");
                }
            }
            line("| %,d |%s", nodes, cells);
        }
    }

    private static String cell(Row row) {
        Outcome outcome = row.outcome();
        return row.isSustained()
                ? String.format(
                        Locale.ROOT,
                        "%s, %s; %.0f %%",
                        ms(outcome.medianUs()),
                        ms(outcome.p99Us()),
                        100 * outcome.hottest())
                : String.format(Locale.ROOT, "*does %,.0f*", rounded(row.achieved()));
    }

    private static double rounded(double value) {
        double unit = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))) - 1);
        return Math.round(value / unit) * unit;
    }

    private static String ms(double us) {
        return String.format(Locale.ROOT, us < 10_000 ? "%.2f" : "%.0f", us / 1e3);
    }

    private void spread() {
        line("%n### Exact: shards and buckets%n");
        line("1,000 nodes count in one namespace; what of it is said as above.%n");
        line("| shards | buckets | 100,000 a second | 1,000,000 a second | 10,000,000 a second |");
        line("| ---: | ---: | --- | --- | --- |");
        List<List<Row>> rates =
                List.of(predictions.spread(100_000), predictions.spread(1_000_000), predictions.spread(10_000_000));
        for (int i = 0; i < rates.get(0).size(); i++) {
            Setup setup = rates.get(0).get(i).setup();
            int line = i;
            String cells = rates.stream().map(rows -> cell(rows.get(line))).collect(Collectors.joining(" | "));
            line("| %d | %d | %s |", setup.shards, setup.buckets, cells);
        }
    }

    private void buffered() throws IOException {
        line("%n### Buffered%n");
        line(
                "One server, 16 buckets, whatever is counted, up to the speed of memory. How busy the server is, and in how many ms after the"
                        + " flush it has 99 of 100 counters; where it is more than can be sent, which part of the counters is.%n");
        line("| nodes | counters changed on each | every 100 ms | every second | every 10 seconds |");
        line("| ---: | ---: | --- | --- | --- |");
        XYChart chart = Charts.chart("Buffered, one server, flushed every second", "nodes", "server busy, percent");
        chart.getStyler().setXAxisLogarithmic(true);
        List<Row> rows = predictions.buffered();
        for (int i = 0; i < rows.size(); i += 3) {
            line(
                    "| %,d | %,d | %s | %s | %s |",
                    rows.get(i).setup().nodes,
                    rows.get(i).setup().changed,
                    bufferedCell(rows.get(i)),
                    bufferedCell(rows.get(i + 1)),
                    bufferedCell(rows.get(i + 2)));
        }
        for (int changed : List.of(100, 1_000, 10_000)) {
            chart(
                    chart,
                    String.format(Locale.ROOT, "%,d counters", changed),
                    rows.stream()
                            .filter(row -> row.setup().changed == changed && row.setup().flushIntervalMs == 1_000)
                            .toList(),
                    row -> row.setup().nodes,
                    row -> 100 * row.outcome().hottest());
        }
        Charts.save(chart, FOLDER, "buffered");
        line("%n![How busy the server is](scale/buffered.svg)");
    }

    private static String bufferedCell(Row row) {
        Outcome outcome = row.outcome();
        return row.isSustained()
                ? String.format(Locale.ROOT, "%.1f %%, %s", 100 * outcome.hottest(), ms(outcome.p99Us()))
                : String.format(Locale.ROOT, "*%.1f %% of them*", 100 * row.achieved() / row.offered());
    }

    private void namespaces() {
        line("%n### Namespaces%n");
        line("Exact, one server, one bucket each; 10 nodes make 60,000 calls a second, in any namespace alike.%n");
        line("| namespaces | time of a call, server | operations a batch |");
        line("| ---: | --- | ---: |");
        for (Row row : predictions.namespaces()) {
            line(
                    "| %,d | %s | %.2f |",
                    row.setup().namespaces, cell(row), row.outcome().meanBatch());
        }
    }

    private void hot() throws IOException {
        line("%n### A hot counter%n");
        line(
                "Exact, 16 shards, 64 buckets, 1,000 nodes, 300,000 calls a second, of which a part goes to one counter.%n");
        line("| part | time of a call, busiest shard |");
        line("| ---: | --- |");
        List<Row> rows = predictions.hot();
        for (Row row : rows) {
            line("| %.0f %% | %s |", 100 * row.setup().hot, cell(row));
        }
        XYChart chart = Charts.chart("One hot counter, 16 shards", "percent of the calls", "percent");
        chart(
                chart,
                "busiest shard busy",
                rows,
                row -> 100 * row.setup().hot,
                row -> 100 * row.outcome().hottest());
        chart(
                chart,
                "calls answered",
                rows,
                row -> 100 * row.setup().hot,
                row -> Math.min(100, 100 * row.achieved() / row.offered()));
        Charts.save(chart, FOLDER, "hot");
        line("%nBuffered, it is one counter of each node and interval like any other.%n");
        line("![A hot counter](scale/hot.svg)");
    }

    /** Worked out from 100,000. */
    private double counterBytes() {
        return measured.memory.hashes().stream()
                .filter(hash -> hash[0] == 100_000)
                .mapToDouble(hash -> (double) hash[1] / hash[0])
                .findFirst()
                .orElseThrow();
    }

    /** Worked out from batches of 1 and of 500. */
    private double sessionBytes(double operations) {
        double[] small = measured.memory.sessions().get(0);
        double[] large = measured.memory.sessions().get(1);
        return small[1] + (operations - small[0]) * (large[1] - small[1]) / (large[0] - small[0]);
    }

    private static String bytes(double bytes) {
        if (bytes < 1e6) {
            return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        }
        return bytes < 1e9
                ? String.format(Locale.ROOT, "%.0f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    private void memory() {
        line("%n### Memory of the servers%n");
        line(
                "A counter with a name of some 14 letters takes %.0f bytes; a session %.0f with a last batch of 1 operation, %,.0f with one of 500.%n",
                counterBytes(), sessionBytes(1), sessionBytes(500));
        line("| counters | memory |");
        line("| ---: | ---: |");
        for (int counters = 1_000; counters <= 10_000_000; counters *= 10) {
            line("| %,d | %s |", counters, bytes(counters * counterBytes()));
        }
        line("%nSessions, last batches of 10 operations, no restart of a runtime within `sessionTtlMs`:%n");
        line(
                "| nodes | 1 namespace, 1 bucket | 1 namespace, 64 buckets | 100 namespaces, 1 bucket | 100 namespaces, 64 buckets |"
                        + " 100,000 namespaces, 1 bucket |");
        line("| ---: | ---: | ---: | ---: | ---: | ---: |");
        for (int nodes : Predictions.NODES) {
            double each = nodes * sessionBytes(10);
            line(
                    "| %,d | %s | %s | %s | %s | %s |",
                    nodes,
                    bytes(each),
                    bytes(64 * each),
                    bytes(100 * each),
                    bytes(6_400 * each),
                    bytes(100_000 * each));
        }
    }

    private void connections() {
        line("%n### Connections and heartbeats%n");
        line(
                "At each shard, at most; Redis takes %,d (`maxclients`). An idle one takes %.0f kB. Each node asks one shard once a second whether"
                        + " it is there.%n",
                MAX_CLIENTS, measured.memory.connection() / 1e3);
        line("| nodes | `poolSize = 1` | 4 | 8 | memory of 4 | that shard is busy by heartbeats |");
        line("| ---: | ---: | ---: | ---: | ---: | ---: |");
        for (int nodes : Predictions.NODES) {
            line(
                    "| %,d | %s | %s | %s | %s | %.1f %% |",
                    nodes,
                    connections(nodes),
                    connections(4 * nodes),
                    connections(8 * nodes),
                    bytes(4 * nodes * measured.memory.connection()),
                    100 * nodes / capacity(1));
        }
    }

    private static String connections(int count) {
        return String.format(Locale.ROOT, count > MAX_CLIENTS ? "**%,d**" : "%,d", count);
    }
}
