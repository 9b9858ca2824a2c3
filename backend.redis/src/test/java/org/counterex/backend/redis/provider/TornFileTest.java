package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.counterex.api.BackendUnavailableException;
import org.junit.Test;

/**
 * A server that was killed while it wrote a batch to its append-only file. It does not apply the batch at its next
 * start and removes the torn command from the file, but not the commands before it, which it executes at the start
 * after that, together with the batch that was appended in between.
 */
public class TornFileTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Test
    public void batch_partlyInTheFile_isCountedOnce() throws IOException {
        try (RedisServer server = new RedisServer(RedisServer.DURABLE);
                FaultProxy proxy = new FaultProxy(server.port, new Random(1), 1);
                TestBackends backends = TestBackends.on(proxy.port, "poolSize", "1", "mode", "buffered")) {
            RedisBackend backend = backends.open("redis", "responseTimeoutMs", "300", "flushIntervalMs", "3600000");
            await().atMost(TIMEOUT).until(backend::isConnected);
            backend.merge("ns", "k", 50);
            backend.add("ns", "k", 5);
            Map<String, Long> counted = Map.of("k", 55L);
            proxy.inject(1, FaultProxy.Fault.DROP_REPLY);
            assertThrows(BackendUnavailableException.class, () -> backend.flush("ns"));
            await().atMost(TIMEOUT)
                    .until(() -> server.text("HGET", "counterex:{ns/0}v", "k").equals("55"));
            proxy.refuse();
            server.kill();
            tear(lastFile(server.folder));
            server.start();
            assertTrue(server.log(), server.log().contains("Truncating the AOF"));
            assertEquals("not applied", "50", server.text("HGET", "counterex:{ns/0}v", "k"));
            proxy.forward();
            await().atMost(TIMEOUT)
                    .until(() -> backend.info().details().get("pending").equals("0"));
            assertEquals(counted, backend.getAll("ns"));
            server.kill();
            server.start();
            await().atMost(TIMEOUT).until(backend::isConnected);
            assertEquals(
                    counted, await().atMost(TIMEOUT).ignoreExceptions().until(() -> backend.getAll("ns"), all -> true));
        }
    }

    /** Returns the file that the server appends to: since version 7 one of several in a folder. */
    private static Path lastFile(Path folder) {
        Path newer = folder.resolve("appendonlydir/appendonly.aof.1.incr.aof");
        return Files.exists(newer) ? newer : folder.resolve("appendonly.aof");
    }

    /** Truncates the file in the middle of the command that stores the session of the last batch. */
    private static void tear(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int session = text.lastIndexOf("{ns/0}s");
        assertTrue("batch with a session", session > text.lastIndexOf("MULTI"));
        try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
            whole.setLength(session);
        }
    }
}
