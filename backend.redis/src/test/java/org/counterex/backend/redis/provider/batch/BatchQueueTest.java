package org.counterex.backend.redis.provider.batch;

import static org.junit.Assert.assertEquals;

import java.util.List;
import org.junit.Test;

/** The order and the numbers of batches. */
public class BatchQueueTest {

    /** A repeat does not extend the time for which the server remembers a batch, however late its reply arrives. */
    @Test
    public void acknowledgement_ofSlowReply_countsFromTheFirstAttempt() {
        BatchQueue queue = new NamespaceQueues("ns", 1, "p:", "session", key -> null).queues()[0];
        queue.offer(List.of(Operation.add("k", 1, 0)));
        Batch batch = queue.next();
        queue.markSent(batch);
        batch.sentAt = 10_000;
        queue.complete(batch, true);
        assertEquals(1, queue.acknowledgedWithin(500, 10_499));
        assertEquals(0, queue.acknowledgedWithin(500, 10_501));
    }
}
