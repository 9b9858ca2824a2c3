package org.counterex.bench.scale;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Derivation of the costs from the calibration points, one after the other, each from the measurement that depends on
 * it most.
 */
final class Calibration {

    private static final long SECOND = 1_000_000_000L;
    private static final long SEED = 42;

    /** Bounds of the search for a cost. */
    private static final double MIN_NS = 10;

    private static final double MAX_NS = 200_000;
    private static final int STEPS = 30;
    /** Too small to be measured separately; assumed. */
    private static final double CALL_NS = 1_000;

    private static final double MAX_FLUSH_NS = 10_000;
    private static final double FLUSH_STEP = 1.4;

    /** A time of the form {@code fixed + each * n}. */
    private record Line(double fixed, double each) {}

    private Calibration() {}

    static Costs of(Measurements measured, boolean sendsBeforeReplying) {
        Line server = fit(measured.batches, Measurements.Batches::server);
        Line script = fit(measured.batches, Measurements.Batches::script);
        Line client = fit(measured.batches, Measurements.Batches::client);
        Line wall = fit(measured.batches, Measurements.Batches::wall);
        // The time outside the script is spent half on reading and half on writing.
        double reply = (server.fixed - script.fixed) / 2;
        double latency = Math.max(0, (wall.fixed - server.fixed - client.fixed) / 2);
        Costs costs = new Costs(
                server.fixed - reply, reply, server.each, client.fixed, client.each, latency, CALL_NS, 0, 0, 0);
        Sample one = sample(measured, false, 1);
        double alone =
                1e9 / run(measured, one.point(), costs, sendsBeforeReplying).callsPerSecond();
        Costs matched = costs.withClientBatch(client.fixed + Math.max(0, 1e9 / one.callsPerSecond() - alone));
        Sample many = sample(measured, false, 64);
        double wake = search(
                ns -> run(measured, many.point(), matched.withWake(ns), sendsBeforeReplying)
                        .callsPerSecond(),
                many.callsPerSecond());
        Sample buffered = sample(measured, true, 1);
        return flushing(measured, buffered, matched.withWake(wake), sendsBeforeReplying);
    }

    /** Returns the prediction of the model for a point. */
    static Outcome run(Measurements measured, Point point, Costs costs, boolean sendsBeforeReplying) {
        return new Simulation(point.setup(measured.cores, sendsBeforeReplying), costs, SEED)
                .run(SECOND / 2, 2 * SECOND);
    }

    private static Sample sample(Measurements measured, boolean buffered, int callers) {
        return measured.samples.stream()
                .filter(sample -> sample.point().calibrates()
                        && sample.point().buffered() == buffered
                        && sample.point().callers() == callers)
                .findFirst()
                .orElseThrow();
    }

    /** Returns the line with the least squares of relative errors. */
    private static Line fit(List<Measurements.Batches> batches, ToDoubleFunction<Measurements.Batches> time) {
        double w = 0;
        double x = 0;
        double y = 0;
        double xx = 0;
        double xy = 0;
        for (Measurements.Batches batch : batches) {
            double value = time.applyAsDouble(batch);
            double weight = 1 / value / value;
            w += weight;
            x += weight * batch.size();
            y += weight * value;
            xx += weight * batch.size() * batch.size();
            xy += weight * batch.size() * value;
        }
        double each = (w * xy - x * y) / (w * xx - x * x);
        return new Line((y - each * x) / w, each);
    }

    /** Returns the cost at which a rate, which falls with the cost, meets a target. */
    private static double search(ToDoubleFunction<Double> rate, double target) {
        double low = MIN_NS;
        double high = MAX_NS;
        for (int i = 0; i < STEPS; i++) {
            double middle = Math.sqrt(low * high);
            if (rate.applyAsDouble(middle) > target) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.sqrt(low * high);
    }

    /**
     * Returns the costs of a flush at which the counters and batches that reach the server per second are closest to a
     * sample.
     */
    private static Costs flushing(Measurements measured, Sample target, Costs costs, boolean sendsBeforeReplying) {
        Costs best = costs;
        double least = Double.MAX_VALUE;
        for (double enqueue = MIN_NS; enqueue < MAX_FLUSH_NS; enqueue *= FLUSH_STEP) {
            for (double skip = MIN_NS; skip <= enqueue; skip *= FLUSH_STEP) {
                Costs tried = costs.withFlush(enqueue, skip);
                Outcome outcome = run(measured, target.point(), tried, sendsBeforeReplying);
                double off = Math.abs(Math.log(outcome.operationsPerSecond() / target.operationsPerSecond()))
                        + Math.abs(Math.log(outcome.batchesPerSecond() / target.batchesPerSecond()));
                if (off < least) {
                    least = off;
                    best = tried;
                }
            }
        }
        return best;
    }
}
