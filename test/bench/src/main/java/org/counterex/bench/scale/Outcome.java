package org.counterex.bench.scale;

/**
 * Result of a simulation.
 *
 * @param callsPerSecond answered calls; 0 if buffered
 * @param medianUs median time from a call to its answer, in microseconds; if buffered, from a flush to the reply of the
 *     server
 * @param meanUs mean of the same time
 * @param p99Us 99th percentile of the same time
 * @param operationsPerSecond operations that the servers applied
 * @param batchesPerSecond batches that contained them
 * @param hottest share of the time in which the busiest server is busy
 */
record Outcome(
        double callsPerSecond,
        double medianUs,
        double meanUs,
        double p99Us,
        double operationsPerSecond,
        double batchesPerSecond,
        double hottest) {

    /** Returns the mean number of operations in a batch. */
    double meanBatch() {
        return operationsPerSecond / batchesPerSecond;
    }
}
