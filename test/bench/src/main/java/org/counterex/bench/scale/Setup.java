package org.counterex.bench.scale;

import java.util.function.Consumer;

/** What is simulated: how many of everything, and the settings of the backend. Each method gives a changed copy. */
final class Setup implements Cloneable {

    int nodes = 1;
    int shards = 1;

    /** Processors of each node, and of each shard; or of the one machine that all share. */
    int cores = 8;

    boolean shared;

    /** Callers of a node, each of which calls again when it is answered; 0 if calls come at a rate. */
    int callers = 1;

    /** Calls a second of each node, at random times, whoever still waits. */
    double rate;

    /** Of these, so many may wait at once; what comes beyond that is not made. */
    int maxWaiting = 100;

    boolean buffered;

    /** Counters of a node that are counted on between two flushes. */
    int changed;

    int namespaces = 1;
    int buckets = 1;
    int keys = 1024;

    /** Exponent of Zipf's law, by which keys are chosen; 0: all alike. */
    double skew;

    /** The part of the calls that go to one key, beside what that has anyway. */
    double hot;

    int poolSize = 4;
    long flushIntervalMs = 100;

    /** The most operations of a batch. */
    int maxBatch = 500;

    /** Of a bucket in whose queue more waits, a flush lets counters be. */
    int backlogLimit = 1000;

    /** How long the sender of a batch waits for those it has answered to call again; 0 if it does not. */
    long callerWaitNs = 100_000;

    /** Whether callers are told only after the next batch of their bucket has left. */
    boolean sendsBeforeReplying;

    /** How often each node asks the server whether it is there; 0: never. */
    long heartbeatMs = 1000;

    private Setup() {}

    /** One runtime with one caller, one server, and the settings of the backend as they are without a configuration. */
    static Setup of() {
        return new Setup();
    }

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
