package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** What is counted in the process comes to the server by itself. */
public class FlushTest {

    private static final int COUNTERS = 20_000;

    /** More counters than are sent at once, and all of them counted on all the time. */
    @Test
    public void counters_thatAreAllCountedOnAllTheTime_allHaveTheirTurn() throws Exception {
        try (RedisServer server = new RedisServer();
                OnServer backends = OnServer.on(server.port)) {
            RedisBackend backend = backends.open("redis", "mode", "buffered");
            AtomicBoolean enough = new AtomicBoolean();
            AtomicLong rounds = new AtomicLong();
            Thread writer = new Thread(() -> {
                while (!enough.get()) {
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
                enough.set(true);
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
