package org.counterex.backend.redis.provider;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.Test;

public class BatchQueueTest {

    /** A repeat does not make the server remember for longer, however late its answer comes. */
    @Test
    public void serverThatWasSlowToAnswer_isExpectedToRememberFromTheTimeOfTheFirstAttempt() {
        BatchQueue bucket = new NamespaceQueues("ns", 1, "p:", "session", new Semaphore(1)).buckets()[0];
        bucket.offer(List.of(Operation.add("k", 1, 0)));
        BatchQueue.Batch batch = bucket.next();
        bucket.sending(batch);
        batch.sentAt = 10_000;
        bucket.settled(batch, true);
        assertEquals(1, bucket.acknowledgedWithin(500, 10_499));
        assertEquals(0, bucket.acknowledgedWithin(500, 10_501));
    }
}
