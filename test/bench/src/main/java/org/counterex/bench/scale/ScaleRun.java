package org.counterex.bench.scale;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.counterex.bench.Report;
import org.counterex.bench.Results;

/**
 * Entry point that measures the cost of counting in a server, derives the costs of the simulation from a part of the
 * measurements, predicts the rest and what cannot be measured on one machine, and writes {@code docs/scale.md}.
 */
public final class ScaleRun {

    private static final Path RESULT = Path.of("test", "bench", "target", "results", "scale.json");

    /**
     * Behaviour of the backend: whether it sends the next batch of a bucket before it replies to callers of the last.
     */
    private static final boolean SENDS_BEFORE_REPLYING = false;

    private ScaleRun() {}

    /**
     * @param args empty; {@code again} to measure one round in addition to those that exist; or {@code report} to write
     *     the record again from the latest results
     */
    public static void main(String[] args) throws Exception {
        String what = args.length == 0 ? "" : args[0];
        if (!what.equals("report")) {
            Files.createDirectories(RESULT.getParent());
            Measurements measured;
            try (ScaleMeasurement measuring = new ScaleMeasurement()) {
                measured = measuring.measure();
            }
            measured.machine = Report.machine("test/bench/run scale");
            if (what.equals("again")) {
                measured.addAll(read());
            }
            try (Writer file = Files.newBufferedWriter(RESULT)) {
                Results.GSON.toJson(measured, file);
            }
        }
        new ScaleReport(read(), SENDS_BEFORE_REPLYING).write();
    }

    private static Measurements read() throws IOException {
        try (Reader file = Files.newBufferedReader(RESULT)) {
            return Results.GSON.fromJson(file, Measurements.class);
        }
    }
}
