package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.backend.CounterBackend;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** Servers that cannot be used: one clear error, and no counter changed. */
public class RejectionTest {

    private static final String[] SHORT_TIMEOUTS = {"responseTimeoutMs", "1000", "connectTimeoutMs", "1000"};
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static TestBackends on(String uri) {
        return new TestBackends(uri, SHORT_TIMEOUTS);
    }

    /** Asserts that a call is rejected without effect, with a message of one line that contains these words. */
    private static String assertRejected(ThrowingRunnable call, String... words) {
        BackendUnavailableException e = assertThrows(BackendUnavailableException.class, call);
        String message = e.getMessage();
        assertFalse(message, e.mayHaveBeenApplied());
        assertEquals(message, 1, message.lines().count());
        for (String word : words) {
            assertTrue(message, message.contains(word));
        }
        return message;
    }

    /** Asserts that errors, details and log name the problem of an unusable server, and none of them the secret. */
    private static void assertUnusable(String uri, String... words) {
        try (TestBackends backends = on(uri)) {
            RedisBackend backend = backends.open("redis");
            await().atMost(TIMEOUT).until(() -> backend.info().details().containsKey("problem"));
            String message = assertRejected(() -> backend.inc("ns", "k", 1, 0), words);
            assertRejected(() -> backend.get("ns", "k"), words);
            assertRejected(() -> backend.flush("ns"), words);
            assertRejected(() -> backend.getAll("ns"), words);
            assertFalse(backend.isConnected());
            String details = backend.info().details().toString();
            assertTrue(details, details.contains("disconnected for"));
            assertEquals(
                    backends.log.toString(),
                    1,
                    backends.log.with("server does not respond").size());
            assertFalse((message + details + backends.log).contains("secret"));
        }
    }

    @Test
    public void wrongPassword_isReported() {
        try (RedisServer server = new RedisServer("requirepass right")) {
            assertUnusable("redis://:secret@127.0.0.1:" + server.port, "WRONGPASS");
            assertUnusable("redis://127.0.0.1:" + server.port, "NOAUTH");
            assertUnusable("redis://nobody:secret@127.0.0.1:" + server.port, "WRONGPASS");
        }
    }

    @Test
    public void unreachableHost_isReported() {
        assertUnusable("redis://:secret@127.0.0.1:" + Ports.free(), "127.0.0.1");
        assertUnusable("redis://:secret@no-such-host.invalid", "no-such-host.invalid");
    }

    @Test
    public void serverOfAnotherProtocol_isReported() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.start();
        try {
            assertUnusable("redis://:secret@127.0.0.1:" + server.getAddress().getPort(), "127.0.0.1");
        } finally {
            server.stop(0);
        }
    }

    @Test
    public void serverWithTls_isUsedIfTrusted() {
        try (RedisServer server = RedisServer.withTls()) {
            String uri = "rediss://127.0.0.1:" + server.port;
            String trusted = server.certificate().certificateFile.toString();
            try (TestBackends backends = new TestBackends(uri, "trustedCertificates", trusted)) {
                assertEquals(1, backends.open("redis").inc("ns", "k", 1, 0));
            }
            assertUnusable(uri, "127.0.0.1");
            assertUnusable("redis://:secret@127.0.0.1:" + server.port, "127.0.0.1");
            try (TestBackends backends = on("rediss://localhost:" + server.port)) {
                CounterBackend backend = backends.open("redis", "trustedCertificates", trusted);
                assertRejected(() -> backend.inc("ns", "k", 1, 0), "localhost");
            }
        }
    }

    @Test
    public void user_withTheDocumentedPermissions_counts() {
        try (RedisServer server = new RedisServer(
                "requirepass right",
                "user joe on >secret ~counterex:* -@all +evalsha +eval +hscan +hlen +hget +hset +hincrby +hdel +del"
                        + " +get +set +setnx +sadd +smembers",
                "user reader on >secret ~counterex:* -@all +@read +evalsha +eval +setnx +sadd +set +hset")) {
            try (TestBackends backends = new TestBackends("redis://joe:secret@127.0.0.1:" + server.port)) {
                CounterBackend backend = backends.open("redis");
                assertEquals(5, backend.inc("ns", "k", 2, 3));
                assertEquals(Map.of("k", 5L), backend.drain("ns"));
                assertEquals(Map.of(), backend.info().namespaces());
                backend.set("ns", "k", 7);
                assertTrue(backend.compareAndSwap("ns", "k", 7, 8).swapped());
                backend.deleteNamespace("ns");
            }
            try (TestBackends backends = new TestBackends("redis://reader:secret@127.0.0.1:" + server.port)) {
                CounterBackend backend = backends.open("redis");
                assertEquals(1, backend.inc("ns", "k", 1, 0));
                // Redis 6: "can't run this command"; Valkey 8: "no permissions to run the 'hdel' command".
                assertRejected(() -> backend.take("ns", "k"), "run", "command");
                assertEquals(OptionalLong.of(1), backend.get("ns", "k"));
                assertEquals("connection is still usable", 2, backend.inc("ns", "k", 1, 0));
            }
        }
    }

    @Test
    public void keyOfAnotherType_isReportedAndUnchanged() {
        try (RedisServer server = new RedisServer();
                TestBackends backends = on("redis://127.0.0.1:" + server.port)) {
            CounterBackend backend = backends.open("redis");
            server.call("SET", "counterex:{taken/0}v", "mine");
            assertRejected(() -> backend.inc("taken", "k", 1, 0), "WRONGTYPE");
            assertRejected(() -> backend.get("taken", "k"), "WRONGTYPE");
            assertRejected(() -> backend.getAll("taken"), "WRONGTYPE");
            assertEquals("mine", server.text("GET", "counterex:{taken/0}v"));
            assertEquals(1, backend.inc("free", "k", 1, 0));
            server.call("HSET", "counterex:{free/0}v", "junk", "seven");
            assertRejected(() -> backend.inc("free", "junk", 1, 0), "not an integer");
            assertRejected(() -> backend.get("free", "junk"), "not an integer");
            assertRejected(() -> backend.take("free", "junk"), "not an integer");
            assertRejected(() -> backend.compareAndSwap("free", "junk", 0, 1), "not an integer");
            assertEquals("seven", server.text("HGET", "counterex:{free/0}v", "junk"));
            backend.delete("free", "junk");
            assertEquals(OptionalLong.empty(), backend.get("free", "junk"));
            assertEquals(2, backend.inc("free", "k", 1, 0));
        }
    }

    /** Exceeds the limit by far: a server checks it before a command that needs memory, not afterwards. */
    private static void fill(RedisServer server) {
        server.call("SETRANGE", "ballast", 1 << 24, "x");
    }

    @Test
    public void fullServer_rejectsWritesOnly() {
        try (RedisServer server = new RedisServer("maxmemory 3mb", "maxmemory-policy noeviction");
                TestBackends backends = on("redis://127.0.0.1:" + server.port)) {
            CounterBackend backend = backends.open("redis");
            backend.inc("ns", "k", 1, 0);
            fill(server);
            assertRejected(() -> backend.inc("ns", "k", 1, 0), "OOM");
            assertEquals(OptionalLong.of(1), backend.get("ns", "k"));
            assertRejected(() -> backend.merge("ns", "k", 1), "OOM");
            server.call("DEL", "ballast");
            assertEquals(2, backend.inc("ns", "k", 1, 0));
            assertEquals(Map.of("k", 2L), backend.getAll("ns"));
        }
    }

    @Test
    public void bufferedAddition_rejectedByTheServer_isRetriedAndLoggedOnce() {
        try (RedisServer server = new RedisServer("maxmemory 3mb", "maxmemory-policy noeviction");
                TestBackends backends = on("redis://127.0.0.1:" + server.port)) {
            RedisBackend backend = backends.open("redis", "mode", "buffered", "flushIntervalMs", "1");
            backend.flush("ns");
            fill(server);
            backend.add("ns", "k", 5);
            await().atMost(TIMEOUT).until(() -> backend.info().details().containsKey("rejectedByServer"));
            assertThrows(BackendUnavailableException.class, () -> backend.flush("ns"));
            server.call("DEL", "ballast");
            await().atMost(TIMEOUT).until(() -> backend.get("ns", "k").equals(OptionalLong.of(5)));
            assertEquals(
                    backends.log.toString(),
                    1,
                    backends.log.with("rejected an addition").size());
        }
    }

    @Test
    public void bufferedAdditions_toManyCounters_areLoggedOnce() {
        try (RedisServer server = new RedisServer("maxmemory 3mb", "maxmemory-policy noeviction");
                TestBackends backends = on("redis://127.0.0.1:" + server.port)) {
            RedisBackend backend = backends.open("redis", "mode", "buffered", "flushIntervalMs", "1");
            backend.flush("ns");
            fill(server);
            for (int i = 0; i < 100; i++) {
                backend.add("ns", "k" + i, 1);
            }
            // A cell that is sealed before the first addition to it becomes an operation too, which adds nothing.
            await().atMost(TIMEOUT)
                    .until(() ->
                            Integer.parseInt(backend.info().details().getOrDefault("rejectedByServer", "0")) >= 100);
            assertEquals(1, backends.log.with("rejected an addition").size());
            server.call("DEL", "ballast");
            await().atMost(TIMEOUT)
                    .until(() -> !backend.info().details().containsKey("rejectedByServer")
                            && backend.getAll("ns").size() == 100);
        }
    }

    /** An error is a response: the server is connected. */
    @Test
    public void serverThatRejects_afterAnOutage_isNotRetriedWithoutEnd() {
        try (RedisServer server = new RedisServer();
                FaultProxy proxy = new FaultProxy(server.port, new Random(1), 1);
                TestBackends backends = on("redis://127.0.0.1:" + proxy.port)) {
            RedisBackend backend = backends.open("redis", "poolSize", "1");
            backend.inc("ns", "k", 1, 0);
            proxy.refuse();
            await().atMost(TIMEOUT).until(() -> !backend.isConnected());
            assertThrows(BackendUnavailableException.class, () -> backend.inc("ns", "k", 1, 0));
            server.call("DEL", "counterex:{ns/0}v");
            server.call("SET", "counterex:{ns/0}v", "mine");
            proxy.forward();
            await().atMost(TIMEOUT).until(backend::isConnected);
            server.call("CONFIG", "RESETSTAT");
            long target = Long.parseLong(backend.info().details().get("batches")) + 2;
            await().atMost(TIMEOUT)
                    .until(() -> Long.parseLong(backend.info().details().get("batches")) >= target);
            String calls = server.text("INFO", "commandstats")
                    .lines()
                    .filter(line -> line.startsWith("cmdstat_evalsha:"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(calls, Integer.parseInt(calls.replaceFirst(".*calls=(\\d+),.*", "$1")) < 20);
            assertRejected(() -> backend.inc("ns", "k", 1, 0), "WRONGTYPE");
        }
    }

    @Test
    public void scriptFlushedByTheServer_isSentAgain() {
        try (RedisServer server = new RedisServer();
                TestBackends backends = on("redis://127.0.0.1:" + server.port)) {
            CounterBackend backend = backends.open("redis");
            for (int i = 1; i <= 5; i++) {
                server.call("SCRIPT", "FLUSH");
                assertEquals(i, backend.inc("ns", "k", 1, 0));
            }
        }
    }

    @Test
    public void numberOfBuckets_differentFromTheServers_isRejected() {
        try (RedisServer server = new RedisServer();
                TestBackends backends = on("redis://127.0.0.1:" + server.port)) {
            CounterBackend one = backends.open("one");
            assertEquals(1, one.inc("ns", "k", 1, 0));
            CounterBackend two = backends.open("two", "buckets", "2");
            assertRejected(() -> two.inc("ns", "k", 1, 0), "buckets=2 expected=1");
            assertEquals(Map.of("k", 1L), one.getAll("ns"));
        }
    }
}
