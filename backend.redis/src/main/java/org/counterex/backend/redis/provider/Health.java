package org.counterex.backend.redis.provider;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.counterex.support.log.ServiceLog;

/**
 * Whether the server answers, and what has come of what was under way when it did not. Each change is one line in the log, but a
 * server that comes and goes all the time is told of once in a while.
 */
final class Health {

    private static final long WHILE_NS = TimeUnit.SECONDS.toNanos(10);

    private final ServiceLog log;
    private final String label;
    private final Runnable changed;
    private final Set<BatchQueue> failing = ConcurrentHashMap.newKeySet();

    /** Whether the server has answered last. */
    private volatile boolean connected;

    /** Why the server does not answer; null if it does, or has not been asked yet. */
    private volatile String problem;

    private volatile long since;

    /** Whether the log tells at its end that the server does not answer, and when it was last told so. */
    private boolean told;

    private long toldAt;

    /** Whether it has answered ever. */
    private boolean answered;

    /** How often the server has gone since then. */
    private int times;

    private final LongSupplier clock;
    private final LongAdder batches = new LongAdder();
    private final LongAdder operations = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder unsettled = new LongAdder();

    /**
     * @param changed told when the server has gone or come back, by any thread, without any lock
     * @param clock in nanoseconds
     */
    Health(ServiceLog log, String label, Runnable changed, LongSupplier clock) {
        this.log = log;
        this.label = label;
        this.changed = changed;
        this.clock = clock;
        since = clock.getAsLong();
        toldAt = since - WHILE_NS;
    }

    void failed(BatchQueue bucket, String reason) {
        boolean first;
        synchronized (this) {
            long now = clock.getAsLong();
            failing.add(bucket);
            first = problem == null;
            since = first ? now : since;
            times += first ? 1 : 0;
            problem = reason;
            connected = false;
            if (!told && now - toldAt >= WHILE_NS) {
                log.error("server does not answer: " + label + " problem=" + reason
                        + (times > 1 ? " times=" + times : ""));
                told = true;
                toldAt = now;
                times = 0;
            }
        }
        if (first) {
            changed.run();
        }
    }

    void succeeded(BatchQueue bucket, BatchQueue.Batch batch) {
        batches.increment();
        operations.add(batch.operations.size());
        answered(bucket);
    }

    /** The server is there, whatever it says. */
    void answered(BatchQueue bucket) {
        if (connected) {
            return;
        }
        boolean first;
        synchronized (this) {
            failing.remove(bucket);
            first = !connected && failing.isEmpty();
            connected = failing.isEmpty();
            problem = connected ? null : problem;
            if (first && (told || !answered)) {
                log.info("server answers: " + label + " after=" + sinceMs() + " ms");
                told = false;
                answered = true;
            }
        }
        if (first) {
            changed.run();
        }
    }

    /** Operations were applied after whoever wanted them had given up. */
    void late(BatchQueue bucket, int applied, int refused) {
        late.add(applied);
        log.info("the outcome of operations that were given up is known: " + label + " bucket=" + bucket + " applied="
                + applied + " refused=" + refused);
    }

    /** The server has forgotten batches that it had acknowledged. */
    void lost(BatchQueue bucket, long first, long last) {
        lost.add(last - first + 1);
        log.error("server has lost what it had acknowledged: " + label + " bucket=" + bucket + " batches=" + first
                + ".." + last);
    }

    /** Nobody will know whether these were applied. */
    void unsettled(BatchQueue bucket, BatchQueue.Batch batch, String reason) {
        unsettled.add(batch.operations.size());
        log.error("the outcome of operations stays unknown: " + label + " bucket=" + bucket + " batch=" + batch.sequence
                + " reason=" + reason + " operations=" + batch.operations);
    }

    /** The server does not take what was acknowledged here. */
    void refused(BatchQueue bucket, Operation operation, String answer) {
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
        return connected ? "connected" : problem == null ? "connecting" : "away for " + sinceMs() + " ms";
    }

    private long sinceMs() {
        return TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - since);
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
