package org.counterex.backend.redis.provider;

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
 * One hash on the server, and what is on its way there.
 *
 * <p><b>Invariant.</b> Operations reach the server in the order of this queue, in batches with consecutive sequence numbers,
 * of which at most one is under way. A batch that was sent and of which it is not known whether it was applied is
 * {@link Batch#isUncertain uncertain}: it keeps its number and its operations until the server has told, and nothing else
 * goes before it. What has not been sent, or what the server has refused in so many words, may be withdrawn.
 *
 * <p>One thread at a time has the batch under way: the one for which {@link #offer} or {@link #resume} returned true.
 */
final class BatchQueue {

    /** Enough for a busy bucket, and little enough for a server that does nothing else meanwhile. */
    private static final int LARGEST_BATCH = 500;

    /** What is sent at once. */
    static final class Batch {

        /** 0 if it only reads, so that it does not matter how often it is applied. */
        final long sequence;

        final List<Operation> operations;

        /** When it was sent first, in milliseconds since 1970: the server remembers for a limited time. */
        long sentAt;

        /** Whether only the server knows whether it was applied. */
        private boolean uncertain;

        /** Whether it has left, so that no operation can be taken out of it. */
        private boolean sent;

        Batch(long sequence, List<Operation> operations, long sentAt, boolean uncertain) {
            this.sequence = sequence;
            this.operations = operations;
            this.sentAt = sentAt;
            this.uncertain = uncertain;
            this.sent = uncertain;
        }

        boolean isUncertain() {
            return uncertain;
        }

        /** Whether the server has to know of the namespace before this. */
        boolean announces() {
            return sequence > 0 || operations.stream().anyMatch(Operation::announces);
        }
    }

    final NamespaceQueues space;
    final int index;

    /** The key of the hash. */
    final byte[] values;

    /** Counters that were sent since all that wait had their turn; for the thread that flushes. */
    final Set<String> flushed = new HashSet<>();

    private final String base;

    /** One that was restored goes on with that of its earlier life; no other one may, as it does not know the numbers. */
    private String session;

    private byte[] sessionKey;

    private final Deque<Operation> queue = new ArrayDeque<>();

    /** Whether a thread sees to this bucket, now or soon. */
    private boolean busy;

    private Batch underWay;

    /** What those are told who come too late; null as long as nobody does. */
    private CounterException ended;

    private long acknowledged;

    /** A time at which the server did not have that batch yet, so that it remembers it for longer than from then on. */
    private long acknowledgedAt;

    /** Why the last batch did not get through; null if it did. */
    private volatile String problem;

    /** How often that has happened in a row. */
    private int failures;

    BatchQueue(NamespaceQueues space, int index, String prefix, String session) {
        this.space = space;
        this.index = index;
        this.base = prefix + "{" + escaped(space.name) + "/" + index + "}";
        this.values = (base + "v").getBytes(StandardCharsets.UTF_8);
        goOn(session);
    }

    /** The key of what the server remembers of the last batch of the session. */
    synchronized byte[] sessionKey() {
        return sessionKey;
    }

    private void goOn(String with) {
        session = with;
        sessionKey = (base + "s" + with).getBytes(StandardCharsets.UTF_8);
    }

    /** What stands in braces decides in a cluster where a key is, up to the first that closes. */
    private static String escaped(String name) {
        return name.replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
    }

    /**
     * Adds operations that are to be done in this order.
     *
     * @return whether the caller has to have a thread see to this bucket
     */
    synchronized boolean offer(List<Operation> operations) {
        if (ended != null) {
            operations.forEach(operation -> operation.result.completeExceptionally(ended));
            return false;
        }
        queue.addAll(operations);
        boolean idle = !busy;
        busy = true;
        return idle;
    }

    /**
     * Adds what was counted here on a counter, to which nobody adds here from now on.
     *
     * @return whether the caller has to have a thread see to this bucket
     */
    synchronized boolean push(String key) {
        Operation addition = space.deltas.seal(key);
        return addition != null && offer(List.of(addition));
    }

    /** Takes an operation back that was not sent; false if it is too late. */
    synchronized boolean withdraw(Operation operation) {
        return queue.remove(operation) || underWay != null && !underWay.sent && underWay.operations.remove(operation);
    }

    /** A batch leaves now: from here on its operations are what they are. */
    synchronized void sending(Batch batch) {
        batch.sent = true;
        batch.uncertain = batch.sequence > 0;
        if (batch.sentAt == 0) {
            batch.sentAt = System.currentTimeMillis();
        }
    }

    /** What is to be sent now, while nothing gets through at least a question; null if there is nothing, and nobody sees to this bucket any more. */
    synchronized Batch next() {
        if (underWay == null && queue.isEmpty()) {
            if (problem == null) {
                busy = false;
                return null;
            }
            queue.add(Operation.nothing()); // to find out when the server is back
        }
        if (underWay == null) {
            List<Operation> operations = new ArrayList<>();
            while (operations.size() < LARGEST_BATCH && !queue.isEmpty()) {
                operations.add(queue.poll());
            }
            boolean writes = operations.stream().anyMatch(Operation::writes);
            underWay = new Batch(writes ? acknowledged + 1 : 0, operations, 0, false);
        }
        return underWay;
    }

    /** Whether there is more to be sent; if not, nobody sees to this bucket any more. */
    synchronized boolean isBusy() {
        busy = underWay != null || !queue.isEmpty() || problem != null;
        return busy;
    }

    /** The last batch was applied, or it is given up. */
    synchronized void settled(Batch batch, boolean applied) {
        underWay = null;
        if (batch.sequence > 0) {
            acknowledged = batch.sequence;
            acknowledgedAt = applied ? batch.sentAt : 0;
        }
    }

    /** The server has refused the batch, or was not reached: it was not applied, and these operations wait again. */
    synchronized void putBack(Stream<Operation> operations) {
        underWay = null;
        List<Operation> again = operations.toList();
        for (int i = again.size() - 1; i >= 0; i--) {
            queue.addFirst(again.get(i));
        }
    }

    /** The number of the last batch, if the server has applied and acknowledged it within this time; otherwise 0. */
    synchronized long acknowledgedWithin(long ms, long now) {
        return now - acknowledgedAt < ms ? acknowledged : 0;
    }

    /** @return how often in a row it has gone wrong */
    int failed(String reason) {
        problem = reason;
        return ++failures;
    }

    void succeeded() {
        problem = null;
        failures = 0;
    }

    /** Why nothing gets through; null if it does. */
    String problem() {
        return problem;
    }

    /** The number of operations that the server has not acknowledged. */
    synchronized int pending() {
        return queue.size() + (underWay == null ? 0 : underWay.operations.size());
    }

    /** Whether so much waits that it is better to let what comes gather elsewhere. */
    synchronized boolean isBehind() {
        return problem != null || queue.size() > 2 * LARGEST_BATCH;
    }

    synchronized boolean isUnsettled() {
        return underWay != null && underWay.isUncertain();
    }

    /**
     * At the end, when nothing is under way any more: what has to be kept for another life, or null.
     *
     * @param told what those are told who wait for what was not sent, and those who come later
     */
    synchronized PendingFile.Entry leftOver(CounterException told) {
        ended = told;
        boolean uncertain = underWay != null && underWay.isUncertain();
        Stream<Operation> taken = underWay == null || uncertain ? Stream.empty() : underWay.operations.stream();
        List<Operation> owed = Stream.concat(taken, queue.stream())
                .filter(operation -> !operation.result.completeExceptionally(told) && operation.isOwed())
                .toList();
        return !uncertain && owed.isEmpty()
                ? null
                : new PendingFile.Entry(space.name, index, session, acknowledged, uncertain ? underWay : null, owed);
    }

    /** At the start: what an earlier life left. */
    synchronized void restore(PendingFile.Entry entry) {
        goOn(entry.session());
        acknowledged = entry.acknowledged();
        underWay = entry.batch();
        queue.addAll(entry.guaranteed());
    }

    @Override
    public String toString() {
        return space + "/" + index;
    }
}
