package org.counterex.backend.redis.provider.batch;

/** Periodic operation without effect, which detects whether the server responds while there are no calls. */
public final class Heartbeat {

    private final BatchSender sender;
    private final BatchQueue queue;

    /** Starts with one operation. */
    public Heartbeat(BatchSender sender, String prefix, String session) {
        this.sender = sender;
        queue = new NamespaceQueues("heartbeat", 1, prefix, session, key -> null).queues()[0];
        sender.offer(queue, Operation.noop());
    }

    public void beat() {
        if (queue.pending() == 0) {
            sender.offer(queue, Operation.noop());
        }
    }
}
