package org.counterex.backend.redis.provider.batch;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.counterex.support.log.ServiceLog;

/**
 * State of the connection to the server, with statistics. Logs each change in one line, but limits the rate for a
 * server whose state changes all the time. Thread-safe.
 */
public final class Health {

    private static final long LOG_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final ServiceLog log;
    private final String label;
    private final Runnable changeListener;
    private final Set<BatchQueue> failing = ConcurrentHashMap.newKeySet();

    /** Whether the last attempt of every queue succeeded. */
    private volatile boolean connected;

    /** Why the server does not respond; null if it does, or has not been contacted yet. */
    private volatile String problem;

    private volatile long sinceNs;

    /** Whether the last state in the log is that the server does not respond, and when that was last logged. */
    private boolean failureLogged;

    private long failureLoggedAtNs;

    /** Whether the server has ever responded. */
    private boolean everResponded;

    /** Number of disconnections since the last one that was logged. */
    private int disconnections;

    private final LongSupplier clock;
    private final LongAdder batches = new LongAdder();
    private final LongAdder operations = new LongAdder();
    private final LongAdder appliedLate = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder outcomeUnknown = new LongAdder();

    /**
     * Creates the state of a server that has not been contacted yet.
     *
     * @param changeListener notified when the server stops responding or responds again, by any thread, without any
     *     lock
     * @param clock in nanoseconds
     */
    public Health(ServiceLog log, String label, Runnable changeListener, LongSupplier clock) {
        this.log = log;
        this.label = label;
        this.changeListener = changeListener;
        this.clock = clock;
        sinceNs = clock.getAsLong();
        failureLoggedAtNs = sinceNs - LOG_INTERVAL_NS;
    }

    void failed(BatchQueue queue, String reason) {
        boolean first;
        synchronized (this) {
            long now = clock.getAsLong();
            failing.add(queue);
            first = problem == null;
            sinceNs = first ? now : sinceNs;
            disconnections += first ? 1 : 0;
            problem = reason;
            connected = false;
            if (!failureLogged && now - failureLoggedAtNs >= LOG_INTERVAL_NS) {
                log.error("server does not respond: " + label + " problem=" + reason
                        + (disconnections > 1 ? " times=" + disconnections : ""));
                failureLogged = true;
                failureLoggedAtNs = now;
                disconnections = 0;
            }
        }
        if (first) {
            changeListener.run();
        }
    }

    void succeeded(BatchQueue queue, Batch batch) {
        batches.increment();
        operations.add(batch.operations.size());
        responded(queue);
    }

    /** Records a reply of the server, be it an error. */
    void responded(BatchQueue queue) {
        if (connected) {
            return;
        }
        boolean first;
        synchronized (this) {
            failing.remove(queue);
            first = !connected && failing.isEmpty();
            connected = failing.isEmpty();
            problem = connected ? null : problem;
            if (first && (failureLogged || !everResponded)) {
                log.info("server responds: " + label + " afterMs=" + sinceMs());
                failureLogged = false;
                everResponded = true;
            }
        }
        if (first) {
            changeListener.run();
        }
    }

    /** Records the outcome of operations whose callers had abandoned them. */
    void completedLate(BatchQueue queue, int applied, int rejected) {
        appliedLate.add(applied);
        log.info("abandoned operations completed: " + label + " bucket=" + queue + " applied=" + applied + " rejected="
                + rejected);
    }

    /** Records that the server has lost batches that it had acknowledged. */
    void lost(BatchQueue queue, long first, long last) {
        lost.add(last - first + 1);
        log.error("server has lost acknowledged batches: " + label + " bucket=" + queue + " batches=" + first + ".."
                + last);
    }

    /** Records that the outcome of a batch will remain unknown. */
    void outcomeUnknown(BatchQueue queue, Batch batch, String reason) {
        outcomeUnknown.add(batch.operations.size());
        log.error("outcome of operations remains unknown: " + label + " bucket=" + queue + " batch=" + batch.sequence
                + " reason=" + reason + " operations=" + batch.operations);
    }

    /** Records that the server has rejected an acknowledged operation. */
    void rejected(BatchQueue queue, Operation operation, String reason) {
        if (queue.namespace.rejecting) {
            return;
        }
        queue.namespace.rejecting = true;
        log.error("server rejected an addition, which is retried: " + label + " bucket=" + queue + " operation="
                + operation + " reason=" + reason);
    }

    public boolean isConnected() {
        return connected;
    }

    /** Returns why the server does not respond; null if it does, or has not been contacted yet. */
    public String problem() {
        return problem;
    }

    /** Returns the state as a text for people. */
    public String state() {
        return connected ? "connected" : problem == null ? "connecting" : "disconnected for " + sinceMs() + " ms";
    }

    private long sinceMs() {
        return TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - sinceNs);
    }

    public long batches() {
        return batches.sum();
    }

    public long operations() {
        return operations.sum();
    }

    /** Returns the number of operations that were applied after their callers had abandoned them. */
    public long appliedLate() {
        return appliedLate.sum();
    }

    /** Returns the number of acknowledged batches that the server has lost. */
    public long lost() {
        return lost.sum();
    }

    /** Returns the number of operations whose outcome will remain unknown. */
    public long outcomeUnknown() {
        return outcomeUnknown.sum();
    }
}
