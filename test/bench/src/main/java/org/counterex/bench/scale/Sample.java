package org.counterex.bench.scale;

/**
 * What was measured at a point.
 *
 * @param callsPerSecond of all processes; 0 if buffered
 * @param medianUs of a call
 * @param p99Us of a call
 * @param operationsPerSecond applied by the server
 * @param batchesPerSecond of these
 * @param busy the part of the time in which the server was busy
 * @param arrived of the counters that were counted on, how many the server has at the end
 */
record Sample(
        Point point,
        double callsPerSecond,
        double medianUs,
        double p99Us,
        double operationsPerSecond,
        double batchesPerSecond,
        double busy,
        long arrived) {

    double meanBatch() {
        return operationsPerSecond / batchesPerSecond;
    }
}
