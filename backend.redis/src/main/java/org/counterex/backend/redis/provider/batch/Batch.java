package org.counterex.backend.redis.provider.batch;

import java.util.List;

/**
 * Operations of one queue that are sent and applied together. Changed only with the monitor of its {@link BatchQueue}
 * held.
 */
public final class Batch {

    /** Consecutive number within the session; 0 if the batch only reads, so that applying it twice is harmless. */
    public final long sequence;

    public final List<Operation> operations;

    /** When the batch was first sent, in milliseconds since 1970: the server remembers it for a limited time. */
    long sentAt;

    /** Whether only the server knows whether the batch was applied. */
    private boolean uncertain;

    /** Whether the batch was sent, so that no operation can be withdrawn from it. */
    private boolean sent;

    private Batch(long sequence, List<Operation> operations, long sentAt, boolean uncertain) {
        this.sequence = sequence;
        this.operations = operations;
        this.sentAt = sentAt;
        this.uncertain = uncertain;
        this.sent = uncertain;
    }

    static Batch unsent(long sequence, List<Operation> operations) {
        return new Batch(sequence, operations, 0, false);
    }

    /** Returns a batch read from a file: it was sent and may have been applied. */
    public static Batch uncertain(long sequence, List<Operation> operations, long sentAt) {
        return new Batch(sequence, operations, sentAt, true);
    }

    public long sentAt() {
        return sentAt;
    }

    boolean isUncertain() {
        return uncertain;
    }

    boolean isSent() {
        return sent;
    }

    void markSent() {
        sent = true;
        uncertain = sequence > 0;
        if (sentAt == 0) {
            sentAt = System.currentTimeMillis();
        }
    }

    /** Returns whether the server has to know the namespace before it applies the batch. */
    boolean announces() {
        return sequence > 0 || operations.stream().anyMatch(Operation::announces);
    }
}
