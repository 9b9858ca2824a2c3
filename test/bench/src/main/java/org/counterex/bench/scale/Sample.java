package org.counterex.bench.scale;

/**
 * Measurement at a point.
 *
 * @param callsPerSecond calls of all processes; 0 if buffered
 * @param medianUs median time of a call in microseconds
 * @param p99Us 99th percentile of the same time
 * @param operationsPerSecond operations that the server applied
 * @param batchesPerSecond batches that contained them
 * @param busy share of the time in which the server was busy
 * @param arrived number of counters on the server at the end
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
