package org.counterex.bench.scale;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.counterex.bench.Charts;
import org.counterex.bench.Markdown;
import org.counterex.bench.scale.Predictions.Row;
import org.knowm.xchart.XYChart;

/** Sections of the report with the predictions of the model, and their charts. */
final class PredictionTables {

    private static final Path FOLDER = Path.of("docs", "scale");

    private final Predictions predictions;
    private final Markdown text;

    PredictionTables(Predictions predictions, Markdown text) {
        this.predictions = predictions;
        this.text = text;
    }

    /** Appends all sections. */
    void write() throws IOException {
        exact();
        spread();
        buffered();
        namespaces();
        hot();
    }

    private void exact() throws IOException {
        text.line("%n### Exact: nodes and increments%n");
        text.line("All nodes count in one namespace. Median and 99th percentile of the time of a call in ms, and"
                + " utilization of the server; where it is saturated, its throughput per second.%n");
        XYChart done =
                Charts.chart("Exact, one server, one bucket", "increments offered per second", "answered per second");
        done.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        XYChart times =
                Charts.chart("Exact, one server, one bucket", "increments per second", "median time of a call in ms");
        times.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        List<Row> one = predictions.exact(1, 1);
        text.line("One server, one bucket:%n");
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
        text.line("%n![Throughput of one server](scale/exact.svg)%n");
        text.line("![Time of a call](scale/latency.svg)%n");
        text.line("A cluster of 64 shards, 256 buckets:%n");
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
            head.append(String.format(Locale.ROOT, " %,d per second |", rate));
            rule.append(" --- |");
        }
        text.line("%s", head);
        text.line("%s", rule);
        for (int nodes : Predictions.NODES) {
            StringBuilder cells = new StringBuilder();
            for (Row row : rows) {
                if (row.setup().nodes == nodes) {
                    cells.append(' ').append(cell(row)).append(" |");
                }
            }
            text.line("| %,d |%s", nodes, cells);
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
                : String.format(Locale.ROOT, "*max. %,.0f*", rounded(row.achieved()));
    }

    private static double rounded(double value) {
        double unit = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))) - 1);
        return Math.round(value / unit) * unit;
    }

    private static String ms(double us) {
        return String.format(Locale.ROOT, us < 10_000 ? "%.2f" : "%.0f", us / 1e3);
    }

    private void spread() {
        text.line("%n### Exact: shards and buckets%n");
        text.line("1,000 nodes count in one namespace; entries as above.%n");
        text.line("| shards | buckets | 100,000 per second | 1,000,000 per second | 10,000,000 per second |");
        text.line("| ---: | ---: | --- | --- | --- |");
        List<List<Row>> rates =
                List.of(predictions.spread(100_000), predictions.spread(1_000_000), predictions.spread(10_000_000));
        for (int i = 0; i < rates.get(0).size(); i++) {
            Setup setup = rates.get(0).get(i).setup();
            int line = i;
            String cells = rates.stream().map(rows -> cell(rows.get(line))).collect(Collectors.joining(" | "));
            text.line("| %d | %d | %s |", setup.shards, setup.buckets, cells);
        }
    }

    private void buffered() throws IOException {
        text.line("%n### Buffered%n");
        text.line("One server, 16 buckets, at any rate of increments. Utilization of the server, and the time in ms"
                + " after a flush by which it has 99 %% of the counters; where it is saturated, the share of the"
                + " counters that is sent.%n");
        text.line("| nodes | counters changed on each | every 100 ms | every second | every 10 seconds |");
        text.line("| ---: | ---: | --- | --- | --- |");
        XYChart chart = Charts.chart("Buffered, one server, flushed every second", "nodes", "server busy, percent");
        chart.getStyler().setXAxisLogarithmic(true);
        List<Row> rows = predictions.buffered();
        for (int i = 0; i < rows.size(); i += 3) {
            text.line(
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
        text.line("%n![Utilization of the server](scale/buffered.svg)");
    }

    private static String bufferedCell(Row row) {
        Outcome outcome = row.outcome();
        return row.isSustained()
                ? String.format(Locale.ROOT, "%.1f %%, %s", 100 * outcome.hottest(), ms(outcome.p99Us()))
                : String.format(Locale.ROOT, "*%.1f %% sent*", 100 * row.achieved() / row.offered());
    }

    private void namespaces() {
        text.line("%n### Namespaces%n");
        text.line(
                "Exact, one server, one bucket each; 10 nodes make 60,000 calls per second, evenly over all namespaces.%n");
        text.line("| namespaces | time of a call, server | operations per batch |");
        text.line("| ---: | --- | ---: |");
        for (Row row : predictions.namespaces()) {
            text.line(
                    "| %,d | %s | %.2f |",
                    row.setup().namespaces, cell(row), row.outcome().meanBatch());
        }
    }

    private void hot() throws IOException {
        text.line("%n### A hot counter%n");
        text.line("Exact, 16 shards, 64 buckets, 1,000 nodes, 300,000 calls per second, a share of which goes to one"
                + " counter.%n");
        text.line("| share | time of a call, busiest shard |");
        text.line("| ---: | --- |");
        List<Row> rows = predictions.hot();
        for (Row row : rows) {
            text.line("| %.0f %% | %s |", 100 * row.setup().hot, cell(row));
        }
        XYChart chart = Charts.chart("One hot counter, 16 shards", "calls to one counter, percent", "percent");
        chart(
                chart,
                "utilization of the busiest shard",
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
        text.line("%nWhen buffered, it costs one operation per node and interval like any other counter.%n");
        text.line("![A hot counter](scale/hot.svg)");
    }
}
