package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** Buffered additions are sent periodically. */
public class FlushTest {

    private static final int COUNTERS = 20_000;

    /** More counters than fit a flush, with continuous additions to all of them. */
    @Test
    public void flush_underContinuousLoad_reachesEveryCounter() throws Exception {
        try (RedisServer server = new RedisServer();
                TestBackends backends = TestBackends.on(server.port)) {
            RedisBackend backend = backends.open("redis", "mode", "buffered");
            AtomicBoolean finished = new AtomicBoolean();
            AtomicLong rounds = new AtomicLong();
            Thread writer = new Thread(() -> {
                while (!finished.get()) {
                    for (int i = 0; i < COUNTERS; i++) {
                        backend.add("ns", "k" + i, 1);
                    }
                    rounds.incrementAndGet();
                }
            });
            writer.start();
            try {
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> server.call("HLEN", "counterex:{ns/0}v").equals((long) COUNTERS));
            } finally {
                finished.set(true);
                writer.join();
            }
            backend.flush("ns");
            long sum = backend.getAll("ns").values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertEquals(rounds.get() * COUNTERS, sum);
        }
    }
}
