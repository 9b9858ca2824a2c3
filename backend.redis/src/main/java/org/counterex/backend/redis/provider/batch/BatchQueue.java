package org.counterex.backend.redis.provider.batch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.counterex.api.CounterException;

/**
 * Queue of the operations on one bucket, which is one hash on the server.
 *
 * <p><b>Invariant.</b> Operations reach the server in the order of this queue, in batches with consecutive sequence
 * numbers, of which at most one is in progress. A batch that was sent and may have been applied is {@link
 * Batch#isUncertain uncertain}: it keeps its number and its operations until the server has replied, and no other batch
 * is sent before. Operations that have not been sent, or that the server has rejected, may be withdrawn.
 *
 * <p>One thread at a time processes the queue: the one to which {@link #offer}, {@link #push} or {@link #hasMore}
 * returned true.
 */
public final class BatchQueue {

    /** Large enough for a busy bucket, and small enough for a server that does nothing else meanwhile. */
    private static final int MAX_BATCH = 500;

    /** Key of the hash on the server. */
    public final byte[] valuesKey;

    /** Counters that were flushed since the last complete pass; used by the flushing thread only. */
    public final Set<String> flushed = new HashSet<>();

    final NamespaceQueues namespace;

    private final int index;
    private final String keyBase;

    /** A restored queue continues its earlier session; no other one may, as it does not know the sequence number. */
    private String session;

    private byte[] sessionKey;

    private final Deque<Operation> queue = new ArrayDeque<>();

    /** Whether a thread processes this queue, now or soon. */
    private boolean busy;

    private Batch current;

    /** Completes operations that are offered after the end; null before. */
    private CounterException closedFailure;

    private long acknowledged;

    /**
     * A time at which the server had not applied that batch yet: it remembers the batch at least for the lifetime from
     * then on.
     */
    private long acknowledgedAt;

    /** Why the last attempt failed; null if it succeeded. */
    private volatile String problem;

    /** Number of consecutive failures; used by the processing thread only. */
    private int failures;

    BatchQueue(NamespaceQueues namespace, int index, String prefix, String session) {
        this.namespace = namespace;
        this.index = index;
        this.keyBase = prefix + "{" + escaped(namespace.name) + "/" + index + "}";
        this.valuesKey = (keyBase + "v").getBytes(StandardCharsets.UTF_8);
        useSession(session);
    }

    /** Returns the key under which the server remembers the last batch of the session. */
    synchronized byte[] sessionKey() {
        return sessionKey;
    }

    private void useSession(String session) {
        this.session = session;
        sessionKey = (keyBase + "s" + session).getBytes(StandardCharsets.UTF_8);
    }

    /** Escapes braces: the text between the first pair of them determines the slot of a key in a cluster. */
    private static String escaped(String name) {
        return name.replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
    }

    /**
     * Appends operations in this order.
     *
     * @return whether the caller has to arrange for a thread to process this queue
     */
    synchronized boolean offer(List<Operation> operations) {
        if (closedFailure != null) {
            operations.forEach(operation -> operation.result.completeExceptionally(closedFailure));
            return false;
        }
        queue.addAll(operations);
        boolean idle = !busy;
        busy = true;
        return idle;
    }

    /**
     * Appends the buffered additions to a counter, sealing the cell that holds them.
     *
     * @return whether the caller has to arrange for a thread to process this queue
     */
    synchronized boolean push(String key) {
        Operation addition = namespace.seal.apply(key);
        return addition != null && offer(List.of(addition));
    }

    /** Removes an operation that was not sent; returns false if it was. */
    public synchronized boolean withdraw(Operation operation) {
        return queue.remove(operation) || current != null && !current.isSent() && current.operations.remove(operation);
    }

    /** Records that a batch is sent now; its operations no longer change. */
    synchronized void markSent(Batch batch) {
        batch.markSent();
    }

    /**
     * Returns the batch to send now. After a failure this is at least a batch without effect, to probe whether the
     * server responds again.
     *
     * @return null if there is nothing to send; then no thread processes this queue any more
     */
    synchronized Batch next() {
        if (current == null && queue.isEmpty()) {
            if (problem == null) {
                busy = false;
                return null;
            }
            queue.add(Operation.noop());
        }
        if (current == null) {
            List<Operation> operations = new ArrayList<>();
            while (operations.size() < MAX_BATCH && !queue.isEmpty()) {
                operations.add(queue.poll());
            }
            boolean writes = operations.stream().anyMatch(Operation::writes);
            current = Batch.unsent(writes ? acknowledged + 1 : 0, operations);
        }
        return current;
    }

    /** Returns whether there is more to send; if not, no thread processes this queue any more. */
    synchronized boolean hasMore() {
        busy = current != null || !queue.isEmpty() || problem != null;
        return busy;
    }

    /** Ends the current batch, which was applied, or whose outcome will remain unknown. */
    synchronized void complete(Batch batch, boolean applied) {
        current = null;
        if (batch.sequence > 0) {
            acknowledged = batch.sequence;
            acknowledgedAt = applied ? batch.sentAt : 0;
        }
    }

    /** Ends the current batch, which was not applied, and puts these operations back at the head of the queue. */
    synchronized void putBack(Stream<Operation> operations) {
        current = null;
        List<Operation> again = operations.toList();
        for (int i = again.size() - 1; i >= 0; i--) {
            queue.addFirst(again.get(i));
        }
    }

    /** Returns the number of the last batch if the server has acknowledged it within this time; otherwise 0. */
    synchronized long acknowledgedWithin(long ms, long now) {
        return now - acknowledgedAt < ms ? acknowledged : 0;
    }

    /** Records a failed attempt and returns the number of consecutive ones. */
    int failed(String reason) {
        problem = reason;
        return ++failures;
    }

    void succeeded() {
        problem = null;
        failures = 0;
    }

    /** Returns why the last attempt failed; null if it succeeded. */
    public String problem() {
        return problem;
    }

    /** Returns the number of operations that the server has not acknowledged. */
    public synchronized int pending() {
        return queue.size() + (current == null ? 0 : current.operations.size());
    }

    /** Returns whether so much is queued that further additions should remain in the buffer. */
    public synchronized boolean isBacklogged() {
        return problem != null || queue.size() > 2 * MAX_BATCH;
    }

    /** Returns whether the current batch may have been applied. */
    public synchronized boolean isUncertain() {
        return current != null && current.isUncertain();
    }

    /**
     * Closes the queue, after the last thread has stopped processing it.
     *
     * @param rejected acknowledged operations that the server has rejected, to be appended
     * @param failure completes operations that were not sent and those that are offered later
     * @return what the next process has to continue with; null if there is nothing
     */
    public synchronized QueueState close(List<Operation> rejected, CounterException failure) {
        offer(rejected);
        closedFailure = failure;
        boolean uncertain = isUncertain();
        Stream<Operation> unsent = current == null || uncertain ? Stream.empty() : current.operations.stream();
        List<Operation> guaranteed = Stream.concat(unsent, queue.stream())
                .filter(operation -> !operation.result.completeExceptionally(failure) && operation.isGuaranteed())
                .toList();
        return !uncertain && guaranteed.isEmpty()
                ? null
                : new QueueState(namespace.name, index, session, acknowledged, uncertain ? current : null, guaranteed);
    }

    /** Continues with the state of a closed queue, before the first operation is offered. */
    public synchronized void restore(QueueState state) {
        useSession(state.session());
        acknowledged = state.acknowledged();
        current = state.uncertain();
        queue.addAll(state.guaranteed());
    }

    @Override
    public String toString() {
        return namespace + "/" + index;
    }
}
