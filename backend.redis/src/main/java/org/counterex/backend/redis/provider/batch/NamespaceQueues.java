package org.counterex.backend.redis.provider.batch;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.counterex.api.CounterNames;

/** Queues of the buckets of one namespace, and what all of them have in common. */
public final class NamespaceQueues {

    public final String name;

    /** Acknowledged additions that the server has rejected, to be retried. */
    public final Queue<Operation> rejected = new ConcurrentLinkedQueue<>();

    /**
     * Seals the buffered additions to a counter and returns them, null if there are none; called with the queue's
     * monitor held.
     */
    final Function<String, Operation> seal;

    /** Whether it was logged that the server rejects additions. */
    volatile boolean rejecting;

    /** Whether the namespace is in the set of namespaces on the server. */
    volatile boolean announced;

    private final BatchQueue[] queues;

    public NamespaceQueues(String name, int buckets, String prefix, String session, Function<String, Operation> seal) {
        this.name = name;
        this.seal = seal;
        this.queues = IntStream.range(0, buckets)
                .mapToObj(index -> new BatchQueue(this, index, prefix, session))
                .toArray(BatchQueue[]::new);
    }

    /**
     * Returns the queue of a counter. All runtimes have to use the same bucket for a counter, so this is part of the
     * format.
     */
    public BatchQueue queue(String key) {
        return queues[Math.floorMod(key.hashCode(), queues.length)];
    }

    public BatchQueue[] queues() {
        return queues;
    }

    /** Offers the rejected additions again. */
    public void retryRejected(BatchSender sender) {
        rejecting = !rejected.isEmpty();
        for (int left = rejected.size(); left > 0; left--) {
            Operation operation = rejected.poll();
            if (operation != null) {
                sender.offer(queue(operation.key), operation);
            }
        }
    }

    @Override
    public String toString() {
        return CounterNames.printable(name);
    }
}
