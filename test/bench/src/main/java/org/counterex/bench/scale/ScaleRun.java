package org.counterex.bench.scale;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.counterex.bench.Report;
import org.counterex.bench.Results;

/**
 * Measures what counting in a server costs, works out the costs of the simulation from a part of that, has it foretell the rest
 * and what cannot be measured here, and writes {@code docs/scale.md}.
 */
public final class ScaleRun {

    private static final Path RESULT = Path.of("test", "bench", "target", "results", "scale.json");

    /** How the backend is: whether callers are told only after the next batch of their bucket has left. */
    private static final boolean SENDS_BEFORE_REPLYING = false;

    private ScaleRun() {}

    /**
     * @param args nothing; {@code again} to measure another round beside those that there are; or {@code report} to write anew what
     *     was measured last
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
