package org.counterex.backend.redis.provider;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Whether the server answers, and what has come of what was under way when it did not. Each change is one line in the log. */
final class Health {

    private final Log log;
    private final String label;
    private final Runnable changed;
    private final Set<Bucket> failing = ConcurrentHashMap.newKeySet();

    /** Whether the server has answered last. */
    private volatile boolean connected;

    /** Why the server does not answer; null if it does, or has not been asked yet. */
    private volatile String problem;

    private volatile long since = System.nanoTime();
    private final LongAdder batches = new LongAdder();
    private final LongAdder operations = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder unsettled = new LongAdder();

    /** @param changed told when the server has gone or come back, by any thread, without any lock */
    Health(Log log, String label, Runnable changed) {
        this.log = log;
        this.label = label;
        this.changed = changed;
    }

    void failed(Bucket bucket, String reason) {
        boolean first;
        synchronized (this) {
            failing.add(bucket);
            first = problem == null;
            since = first ? System.nanoTime() : since;
            problem = reason;
            connected = false;
        }
        if (first) {
            log.error("server does not answer: " + label + " problem=" + reason);
            changed.run();
        }
    }

    void succeeded(Bucket bucket, Bucket.Batch batch) {
        batches.increment();
        operations.add(batch.operations.size());
        answered(bucket);
    }

    /** The server is there, whatever it says. */
    void answered(Bucket bucket) {
        if (connected) {
            return;
        }
        boolean first;
        synchronized (this) {
            failing.remove(bucket);
            first = !connected && failing.isEmpty();
            connected = failing.isEmpty();
            problem = connected ? null : problem;
        }
        if (first) {
            log.info("server answers: " + label + " after=" + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since)
                    + " ms");
            changed.run();
        }
    }

    /** Operations were applied after whoever wanted them had given up. */
    void late(Bucket bucket, int applied, int refused) {
        late.add(applied);
        log.info("the outcome of operations that were given up is known: " + label + " bucket=" + bucket + " applied="
                + applied + " refused=" + refused);
    }

    /** The server has forgotten batches that it had acknowledged. */
    void lost(Bucket bucket, long first, long last) {
        lost.add(last - first + 1);
        log.error("server has lost what it had acknowledged: " + label + " bucket=" + bucket + " batches=" + first
                + ".." + last);
    }

    /** Nobody will know whether these were applied. */
    void unsettled(Bucket bucket, Bucket.Batch batch, String reason) {
        unsettled.add(batch.operations.size());
        log.error("the outcome of operations stays unknown: " + label + " bucket=" + bucket + " batch=" + batch.sequence
                + " reason=" + reason + " operations=" + batch.operations);
    }

    /** The server does not take what was acknowledged here. */
    void refused(Bucket bucket, Operation operation, String answer) {
        if (bucket.space.refusing) {
            return;
        }
        bucket.space.refusing = true;
        log.error("server refuses an addition, which is kept and tried again: " + label + " bucket=" + bucket
                + " operation=" + operation + " answer=" + answer);
    }

    boolean isConnected() {
        return connected;
    }

    /** Why the server does not answer; null if it does, or has not been asked yet. */
    String problem() {
        return problem;
    }

    /** For people. */
    String state() {
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
        return connected ? "connected" : problem == null ? "connecting" : "away for " + ms + " ms";
    }

    long batches() {
        return batches.sum();
    }

    long operations() {
        return operations.sum();
    }

    long late() {
        return late.sum();
    }

    long lost() {
        return lost.sum();
    }

    long unsettled() {
        return unsettled.sum();
    }
}
