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
 * A server was killed in the middle of writing a batch down. It undoes the batch in memory and removes the torn command from its
 * file, but not the commands before it, which it executes at its next start together with whatever batch comes then.
 */
public class TornFileTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    public void batch_ofWhichAPartStaysInTheFile_isCountedOnce() throws IOException {
        try (RedisServer server = new RedisServer(RedisServer.DURABLE);
                FaultProxy proxy = new FaultProxy(server.port, new Random(1), 1);
                OnServer backends = OnServer.on(proxy.port, "poolSize", "1", "mode", "buffered")) {
            RedisBackend backend = backends.open("redis", "responseTimeoutMs", "300", "flushIntervalMs", "3600000");
            await().atMost(LONG).until(backend::isConnected);
            backend.merge("ns", "k", 50);
            backend.add("ns", "k", 5);
            Map<String, Long> counted = Map.of("k", 55L);
            proxy.disturb(1, FaultProxy.Fault.DROP_REPLY);
            assertThrows(BackendUnavailableException.class, () -> backend.flush("ns"));
            await().atMost(LONG)
                    .until(() -> server.text("HGET", "counterex:{ns/0}v", "k").equals("55"));
            proxy.refuse();
            server.kill();
            tear(lastFile(server.folder));
            server.start();
            assertTrue(server.log(), server.log().contains("Truncating the AOF"));
            assertEquals("undone", "50", server.text("HGET", "counterex:{ns/0}v", "k"));
            proxy.pass();
            await().atMost(LONG)
                    .until(() -> backend.info().details().get("pending").equals("0"));
            assertEquals(counted, backend.getAll("ns"));
            server.kill();
            server.start();
            await().atMost(LONG).until(backend::isConnected);
            assertEquals(
                    counted, await().atMost(LONG).ignoreExceptions().until(() -> backend.getAll("ns"), all -> true));
        }
    }

    /** Where the server appends: since version 7 there are several files, in a folder. */
    private static Path lastFile(Path folder) {
        Path newer = folder.resolve("appendonlydir/appendonly.aof.1.incr.aof");
        return Files.exists(newer) ? newer : folder.resolve("appendonly.aof");
    }

    /** Cuts the last batch in the middle of the command that remembers it. */
    private static void tear(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int remembered = text.lastIndexOf("{ns/0}s");
        assertTrue("batch of a session", remembered > text.lastIndexOf("MULTI"));
        try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
            whole.setLength(remembered);
        }
    }
}
