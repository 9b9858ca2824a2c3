package org.counterex.bench.scale;

import java.io.IOException;
import java.nio.file.Path;
import org.counterex.bench.Markdown;
import org.counterex.bench.Report;

/** Writer of the generated part of {@code docs/scale.md}, between two marks, and of its charts. */
final class ScaleReport {

    private static final Path FILE = Path.of("docs", "scale.md");

    private final Measurements measured;
    private final Costs costs;
    private final boolean sendsBeforeReplying;
    private final Markdown text = new Markdown();

    ScaleReport(Measurements measured, boolean sendsBeforeReplying) {
        this.measured = measured;
        this.sendsBeforeReplying = sendsBeforeReplying;
        this.costs = Calibration.of(measured, sendsBeforeReplying);
    }

    void write() throws IOException {
        text.line(
                "%s Server: Redis %s. Rounds: %d; the best one of each point, since other load on the machine only"
                        + " slows down.",
                measured.machine, measured.server, measured.rounds);
        costs();
        new PredictionChecks(measured, costs, sendsBeforeReplying, text).write();
        new PredictionTables(new Predictions(costs, sendsBeforeReplying), text).write();
        new ResourceTables(measured, costs, text).write();
        Report.insert(FILE, text.toString());
    }

    private void costs() {
        text.line("%n### Costs%n");
        text.line("| microseconds | | source |");
        text.line("| --- | ---: | --- |");
        String batches = "batches of 1 to 500, one connection";
        text.line("| server: a batch | %.1f | %s |", (costs.serverBatch() + costs.serverReply()) / 1e3, batches);
        text.line("| server: an operation in a batch | %.2f | the same |", costs.serverOperation() / 1e3);
        text.line("| runtime: a batch | %.1f | 1 caller, exact |", costs.clientBatch() / 1e3);
        text.line("| runtime: an operation in a batch | %.2f | batches of 1 to 500 |", costs.clientOperation() / 1e3);
        text.line("| network: one way, on one machine | %.1f | the same |", costs.latency() / 1e3);
        text.line("| runtime: a call | %.1f | assumed |", costs.call() / 1e3);
        text.line("| runtime: waking a thread | %.1f | 64 callers, exact |", costs.wake() / 1e3);
        text.line(
                "| runtime: a counter that a flush sends | %.2f | 10,000 counters, buffered |", costs.enqueue() / 1e3);
        text.line("| runtime: a counter that it leaves | %.2f | the same |", costs.skip() / 1e3);
        text.line(
                "%nA server therefore applies %,.0f batches of one operation per second, or %,.0f operations in"
                        + " batches of 500.",
                costs.serverCapacity(1), costs.serverCapacity(500));
    }
}
