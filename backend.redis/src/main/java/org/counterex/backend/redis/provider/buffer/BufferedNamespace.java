package org.counterex.backend.redis.provider.buffer;

import java.util.concurrent.Semaphore;
import org.counterex.backend.redis.provider.batch.BatchQueue;
import org.counterex.backend.redis.provider.batch.NamespaceQueues;

/**
 * One namespace: its queues, and the buffer whose additions precede the operations in them.
 *
 * @param queues one for each bucket
 * @param buffer empty in exact mode
 */
public record BufferedNamespace(NamespaceQueues queues, WriteBuffer buffer) {

    /** @param room bounds the buffers of all namespaces together */
    public static BufferedNamespace create(String name, int buckets, String prefix, String session, Semaphore room) {
        WriteBuffer buffer = new WriteBuffer(room);
        return new BufferedNamespace(new NamespaceQueues(name, buckets, prefix, session, buffer::seal), buffer);
    }

    public String name() {
        return queues.name;
    }

    public BatchQueue queue(String key) {
        return queues.queue(key);
    }
}
