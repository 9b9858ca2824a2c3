package org.counterex.bench.scale;

import java.util.function.Consumer;

/** Parameters of a simulation: sizes, load, and the settings of the backend. */
final class Setup implements Cloneable {

    int nodes = 1;
    int shards = 1;

    /** Processors of each node, or of the machine that all share; a shard of its own has one. */
    int cores = 8;

    boolean shared;

    /** Callers of a node, each of which calls again when it is answered; not used if there is a rate. */
    int callers = 1;

    /** Calls per second of each node, at random times and independent of earlier answers; 0 for calls by callers. */
    double rate;

    /** Most calls of a node that wait at the same time; further ones are not made. */
    int maxWaiting = 100;

    boolean buffered;

    /** Counters of a node that change between two flushes. */
    int changed;

    int namespaces = 1;
    int buckets = 1;
    int keys = 1024;

    /** Exponent of Zipf's law by which keys are chosen; 0 for a uniform distribution. */
    double skew;

    /** Share of the calls that go to one key, in addition to its share by distribution. */
    double hot;

    int poolSize = 4;
    long flushIntervalMs = 100;

    /** The most operations of a batch. */
    int maxBatch = 500;

    /** A flush leaves the counters of a bucket whose queue is longer. */
    int backlogLimit = 1000;

    /** Time for which the sender of a batch waits for the answered callers to call again; 0 for none. */
    long callerWaitNs = 100_000;

    /** Whether the next batch of a bucket is sent before the callers of the last are answered. */
    boolean sendsBeforeReplying;

    /** Interval of the heartbeats of each node; 0 for none. */
    long heartbeatMs = 1000;

    private Setup() {}

    /** Returns a setup with one runtime, one caller, one server, and the default settings of the backend. */
    static Setup of() {
        return new Setup();
    }

    /** Returns a changed copy. */
    Setup with(Consumer<Setup> change) {
        try {
            Setup copy = (Setup) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }
}
