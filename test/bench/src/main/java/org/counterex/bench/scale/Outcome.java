package org.counterex.bench.scale;

/**
 * What a simulation has shown.
 *
 * @param callsPerSecond calls that were answered; 0 where additions are buffered
 * @param medianUs of the time from a call to its answer, in microseconds; buffered, from a flush to the server's answer
 * @param meanUs its mean
 * @param p99Us the same, of which 99 of 100 take no longer
 * @param operationsPerSecond what the servers applied
 * @param batchesPerSecond in so many batches
 * @param hottest the part of the time in which the busiest server is busy
 */
record Outcome(
        double callsPerSecond,
        double medianUs,
        double meanUs,
        double p99Us,
        double operationsPerSecond,
        double batchesPerSecond,
        double hottest) {

    /** Operations of a batch. */
    double meanBatch() {
        return operationsPerSecond / batchesPerSecond;
    }
}
