package org.counterex.backend.redis.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.support.log.ServiceLog;
import org.counterex.tck.Lines;
import org.junit.Test;

public class HealthTest {

    private final Lines lines = new Lines();
    private final AtomicLong now = new AtomicLong(5);
    private final AtomicInteger changes = new AtomicInteger();
    private final Health health =
            new Health(new ServiceLog("test", lines::service), "server=s", changes::incrementAndGet, now::get);
    private final BatchQueue bucket = new NamespaceQueues("ns", 1, "p:", "session", new Semaphore(1)).buckets()[0];

    private void pass(long seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    public void serverThatComesAndGoes_isToldOfNowAndThen() {
        for (int i = 0; i < 100; i++) {
            health.failed(bucket, "lost");
            health.answered(bucket);
        }
        assertEquals(200, changes.get());
        assertEquals(lines.toString(), 2, lines.with("server").size());
        pass(10);
        health.failed(bucket, "lost");
        assertEquals(
                1,
                lines.with("does not answer: server=s problem=lost times=100").size());
        assertEquals(3, lines.with("server=s").size());
    }

    @Test
    public void serverThatStaysAway_soonAfterItWasToldOf_isToldOfAllTheSame() {
        health.failed(bucket, "first");
        health.answered(bucket);
        health.failed(bucket, "second");
        pass(9);
        health.failed(bucket, "second");
        assertEquals(0, lines.with("second").size());
        pass(1);
        health.failed(bucket, "second");
        health.failed(bucket, "second");
        assertEquals(1, lines.with("second").size());
        assertTrue(health.state(), health.state().equals("away for 10000 ms"));
        health.answered(bucket);
        assertEquals(1, lines.with("server answers: server=s after=10000 ms").size());
    }
}
