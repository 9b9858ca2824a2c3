package org.counterex.bench.scale;

import java.util.ArrayList;
import java.util.List;

/** All that was measured, as it is kept. */
final class Measured {

    /** One size of batch, sent by one connection one after the other: nanoseconds a batch. */
    record Batches(int size, double wall, double client, double server, double script) {}

    /**
     * Bytes.
     *
     * @param hashes of a hash of so many counters
     * @param sessions of what the server remembers of a batch of so many operations, all told
     * @param connection of one that does nothing
     */
    record Memory(List<long[]> hashes, List<double[]> sessions, double connection) {}

    /** What processes of their own leave on the server: keys of sessions and connections. */
    record Left(int processes, int namespaces, int buckets, int sessions, int poolSize, int connections) {}

    String machine;
    String server;
    int cores;
    final List<Batches> batches = new ArrayList<>();
    final List<Sample> samples = new ArrayList<>();
    Memory memory;
    final List<Left> left = new ArrayList<>();
}
