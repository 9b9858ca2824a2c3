package org.counterex.backend.redis.provider.batch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.support.log.ServiceLog;
import org.counterex.tck.Lines;
import org.junit.Test;

/** Log lines and notifications about the connection to the server. */
public class HealthTest {

    private final Lines lines = new Lines();
    private final AtomicLong now = new AtomicLong(5);
    private final AtomicInteger changes = new AtomicInteger();
    private final Health health =
            new Health(new ServiceLog("test", lines::service), "server=s", changes::incrementAndGet, now::get);
    private final BatchQueue queue = new NamespaceQueues("ns", 1, "p:", "session", key -> null).queues()[0];

    private void pass(long seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    public void repeatedFailures_withinTheInterval_areLoggedOnce() {
        for (int i = 0; i < 100; i++) {
            health.failed(queue, "lost");
            health.responded(queue);
        }
        assertEquals(200, changes.get());
        assertEquals(lines.toString(), 2, lines.with("server").size());
        pass(10);
        health.failed(queue, "lost");
        assertEquals(
                1,
                lines.with("does not respond: server=s problem=lost times=100").size());
        assertEquals(3, lines.with("server=s").size());
    }

    @Test
    public void failure_thatOutlastsTheInterval_isLogged() {
        health.failed(queue, "first");
        health.responded(queue);
        health.failed(queue, "second");
        pass(9);
        health.failed(queue, "second");
        assertEquals(0, lines.with("second").size());
        pass(1);
        health.failed(queue, "second");
        health.failed(queue, "second");
        assertEquals(1, lines.with("second").size());
        assertTrue(health.state(), health.state().equals("disconnected for 10000 ms"));
        health.responded(queue);
        assertEquals(1, lines.with("server responds: server=s afterMs=10000").size());
    }
}
