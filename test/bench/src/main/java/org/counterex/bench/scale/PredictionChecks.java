package org.counterex.bench.scale;

import java.util.Locale;
import org.counterex.bench.Markdown;

/** Section of the report that compares predictions with the measurements that the costs were not derived from. */
final class PredictionChecks {

    private static final double FAR = 1.5;

    private final Measurements measured;
    private final Costs costs;
    private final boolean sendsBeforeReplying;
    private final Markdown text;

    PredictionChecks(Measurements measured, Costs costs, boolean sendsBeforeReplying, Markdown text) {
        this.measured = measured;
        this.costs = costs;
        this.sendsBeforeReplying = sendsBeforeReplying;
        this.text = text;
    }

    /** Appends the section. */
    void write() {
        text.line("%n### Predicted and measured%n");
        text.line("Calls per second (buffered: counters that reach the server), operations in a batch, and the share"
                + " of the time in which the server is busy: predicted, measured, and their ratio. A ratio beyond a"
                + " factor of 1.5 is in **bold**.%n");
        text.line("| | per second | | | per batch | | | busy | | |");
        text.line("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (Sample sample : measured.samples) {
            Point point = sample.point();
            if (point.calibrates()) {
                continue;
            }
            Outcome outcome = Calibration.run(measured, point, costs, sendsBeforeReplying);
            text.line(
                    "| %s | %s | %s | %s |",
                    name(point),
                    point.buffered()
                            ? compared("%,.0f", outcome.operationsPerSecond(), sample.operationsPerSecond())
                            : compared("%,.0f", outcome.callsPerSecond(), sample.callsPerSecond()),
                    compared("%.1f", outcome.meanBatch(), sample.meanBatch()),
                    compared("%.2f", outcome.hottest(), sample.busy()));
        }
        text.line("%nTime of a call in microseconds, median and 99th percentile:%n");
        text.line("| | median | | | 99th percentile | | |");
        text.line("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (Sample sample : measured.samples) {
            if (!sample.point().buffered() && !sample.point().calibrates()) {
                Outcome outcome = Calibration.run(measured, sample.point(), costs, sendsBeforeReplying);
                text.line(
                        "| %s | %s | %s |",
                        name(sample.point()),
                        compared("%,.0f", outcome.medianUs(), sample.medianUs()),
                        compared("%,.0f", outcome.p99Us(), sample.p99Us()));
            }
        }
        text.line("%nMemory and connections:%n");
        text.line("| | predicted | measured | ratio |");
        text.line("| --- | ---: | ---: | ---: |");
        for (long[] hash : measured.memory.hashes()) {
            if (hash[0] != 100_000) {
                text.line(
                        "| bytes of %,d counters | %s |",
                        hash[0], compared("%,.0f", hash[0] * measured.memory.counterBytes(), hash[1]));
            }
        }
        double[] check = measured.memory.sessions().get(2);
        text.line(
                "| bytes of a session, last batch of %.0f operations | %s |",
                check[0], compared("%,.0f", measured.memory.sessionBytes(check[0]), check[1]));
        for (Measurements.ServerResources resources : measured.serverResources) {
            text.line(
                    "| sessions of %d processes, %d namespaces, %d buckets | %s |",
                    resources.processes(),
                    resources.namespaces(),
                    resources.buckets(),
                    compared(
                            "%,.0f",
                            resources.processes() * resources.namespaces() * resources.buckets(),
                            (double) resources.sessions()));
            text.line(
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
}
