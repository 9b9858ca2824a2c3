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

/** What can be wrong with a server: one clear error, and every counter as it was. */
public class RefusalsTest {

    private static final String[] QUICK = {"responseTimeoutMs", "1000", "connectTimeoutMs", "1000"};
    private static final Duration LONG = Duration.ofSeconds(60);

    private static OnServer on(String uri) {
        return new OnServer(uri, QUICK);
    }

    /** That a call is refused without effect, in one line with these words. */
    private static String assertRefused(ThrowingRunnable call, String... words) {
        BackendUnavailableException e = assertThrows(BackendUnavailableException.class, call);
        String message = e.getMessage();
        assertFalse(message, e.mayHaveBeenApplied());
        assertEquals(message, 1, message.lines().count());
        for (String word : words) {
            assertTrue(message, message.contains(word));
        }
        return message;
    }

    /** That a server which cannot be used is named in errors, info and log, and the secret in none of them. */
    private static void assertUnusable(String uri, String... words) {
        try (OnServer backends = on(uri)) {
            RedisBackend backend = backends.open("redis");
            await().atMost(LONG).until(() -> backend.info().details().containsKey("problem"));
            String message = assertRefused(() -> backend.inc("ns", "k", 1, 0), words);
            assertRefused(() -> backend.get("ns", "k"), words);
            assertRefused(() -> backend.flush("ns"), words);
            assertRefused(() -> backend.getAll("ns"), words);
            assertFalse(backend.isConnected());
            String details = backend.info().details().toString();
            assertTrue(details, details.contains("away for"));
            assertEquals(
                    backends.log.toString(),
                    1,
                    backends.log.with("server does not answer").size());
            assertFalse((message + details + backends.log).contains("secret"));
        }
    }

    @Test
    public void wrongPassword_isToldAndNotShown() {
        try (RedisServer server = new RedisServer("requirepass right")) {
            assertUnusable("redis://:secret@127.0.0.1:" + server.port, "WRONGPASS");
            assertUnusable("redis://127.0.0.1:" + server.port, "NOAUTH");
            assertUnusable("redis://nobody:secret@127.0.0.1:" + server.port, "WRONGPASS");
        }
    }

    @Test
    public void hostWithoutServer_isTold() {
        assertUnusable("redis://:secret@127.0.0.1:" + Ports.free(), "127.0.0.1");
        assertUnusable("redis://:secret@no-such-host.invalid", "no-such-host.invalid");
    }

    @Test
    public void serverThatIsNone_isTold() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.start();
        try {
            assertUnusable("redis://:secret@127.0.0.1:" + server.getAddress().getPort(), "127.0.0.1");
        } finally {
            server.stop(0);
        }
    }

    @Test
    public void serverWithTls_isUsedByWhoTrustsIt() {
        try (RedisServer server = RedisServer.withTls()) {
            String uri = "rediss://127.0.0.1:" + server.port;
            String trusted = server.certificate().certificateFile.toString();
            try (OnServer backends = new OnServer(uri, "trustedCertificates", trusted)) {
                assertEquals(1, backends.open("redis").inc("ns", "k", 1, 0));
            }
            assertUnusable(uri, "127.0.0.1");
            assertUnusable("redis://:secret@127.0.0.1:" + server.port, "127.0.0.1");
            try (OnServer backends = on("rediss://localhost:" + server.port)) {
                CounterBackend backend = backends.open("redis", "trustedCertificates", trusted);
                assertRefused(() -> backend.inc("ns", "k", 1, 0), "localhost");
            }
        }
    }

    @Test
    public void userOfTheServer_whoMayDoWhatIsNeeded_counts() {
        try (RedisServer server = new RedisServer(
                "requirepass right",
                "user joe on >secret ~counterex:* -@all +evalsha +eval +hscan +hlen +hget +hset +hincrby +hdel +del"
                        + " +get +set +setnx +sadd +smembers",
                "user reader on >secret ~counterex:* -@all +@read +evalsha +eval +setnx +sadd +set +hset")) {
            try (OnServer backends = new OnServer("redis://joe:secret@127.0.0.1:" + server.port)) {
                CounterBackend backend = backends.open("redis");
                assertEquals(5, backend.inc("ns", "k", 2, 3));
                assertEquals(Map.of("k", 5L), backend.drain("ns"));
                assertEquals(Map.of(), backend.info().namespaces());
                backend.set("ns", "k", 7);
                assertTrue(backend.compareAndSwap("ns", "k", 7, 8).swapped());
                backend.deleteNamespace("ns");
            }
            try (OnServer backends = new OnServer("redis://reader:secret@127.0.0.1:" + server.port)) {
                CounterBackend backend = backends.open("redis");
                assertEquals(1, backend.inc("ns", "k", 1, 0));
                // Redis 6: "can't run this command"; Valkey 8: "no permissions to run the 'hdel' command".
                assertRefused(() -> backend.take("ns", "k"), "run", "command");
                assertEquals(OptionalLong.of(1), backend.get("ns", "k"));
                assertEquals("goes on", 2, backend.inc("ns", "k", 1, 0));
            }
        }
    }

    @Test
    public void keyOfAnotherType_isToldAndLeft() {
        try (RedisServer server = new RedisServer();
                OnServer backends = on("redis://127.0.0.1:" + server.port)) {
            CounterBackend backend = backends.open("redis");
            server.call("SET", "counterex:{taken/0}v", "mine");
            assertRefused(() -> backend.inc("taken", "k", 1, 0), "WRONGTYPE");
            assertRefused(() -> backend.get("taken", "k"), "WRONGTYPE");
            assertRefused(() -> backend.getAll("taken"), "WRONGTYPE");
            assertEquals("mine", server.text("GET", "counterex:{taken/0}v"));
            assertEquals(1, backend.inc("free", "k", 1, 0));
            server.call("HSET", "counterex:{free/0}v", "junk", "seven");
            assertRefused(() -> backend.inc("free", "junk", 1, 0), "not an integer");
            assertRefused(() -> backend.get("free", "junk"), "not an integer");
            assertRefused(() -> backend.take("free", "junk"), "not an integer");
            assertRefused(() -> backend.compareAndSwap("free", "junk", 0, 1), "not an integer");
            assertEquals("seven", server.text("HGET", "counterex:{free/0}v", "junk"));
            backend.delete("free", "junk");
            assertEquals(OptionalLong.empty(), backend.get("free", "junk"));
            assertEquals(2, backend.inc("free", "k", 1, 0));
        }
    }

    /** By far: a server says that it is full before it does something that needs room, and not after. */
    private static void fill(RedisServer server) {
        server.call("SETRANGE", "ballast", 1 << 24, "x");
    }

    @Test
    public void serverThatIsFull_refusesChangesAndAnswersQuestions() {
        try (RedisServer server = new RedisServer("maxmemory 3mb", "maxmemory-policy noeviction");
                OnServer backends = on("redis://127.0.0.1:" + server.port)) {
            CounterBackend backend = backends.open("redis");
            backend.inc("ns", "k", 1, 0);
            fill(server);
            assertRefused(() -> backend.inc("ns", "k", 1, 0), "OOM");
            assertEquals(OptionalLong.of(1), backend.get("ns", "k"));
            assertRefused(() -> backend.merge("ns", "k", 1), "OOM");
            server.call("DEL", "ballast");
            assertEquals(2, backend.inc("ns", "k", 1, 0));
            assertEquals(Map.of("k", 2L), backend.getAll("ns"));
        }
    }

    @Test
    public void bufferedAdditions_thatAFullServerRefuses_areKeptAndToldOnce() {
        try (RedisServer server = new RedisServer("maxmemory 3mb", "maxmemory-policy noeviction");
                OnServer backends = on("redis://127.0.0.1:" + server.port)) {
            RedisBackend backend = backends.open("redis", "mode", "buffered", "flushIntervalMs", "1");
            backend.flush("ns");
            fill(server);
            backend.add("ns", "k", 5);
            await().atMost(LONG).until(() -> backend.info().details().containsKey("refusedByServer"));
            assertThrows(BackendUnavailableException.class, () -> backend.flush("ns"));
            server.call("DEL", "ballast");
            await().atMost(LONG).until(() -> backend.get("ns", "k").equals(OptionalLong.of(5)));
            assertEquals(
                    backends.log.toString(),
                    1,
                    backends.log.with("refuses an addition").size());
        }
    }

    @Test
    public void bufferedAdditions_onManyCounters_thatAFullServerRefuses_areToldOnce() {
        try (RedisServer server = new RedisServer("maxmemory 3mb", "maxmemory-policy noeviction");
                OnServer backends = on("redis://127.0.0.1:" + server.port)) {
            RedisBackend backend = backends.open("redis", "mode", "buffered", "flushIntervalMs", "1");
            backend.flush("ns");
            fill(server);
            for (int i = 0; i < 100; i++) {
                backend.add("ns", "k" + i, 1);
            }
            // A cell that is sealed before the first addition to it comes is an operation too, which adds nothing.
            await().atMost(LONG)
                    .until(() ->
                            Integer.parseInt(backend.info().details().getOrDefault("refusedByServer", "0")) >= 100);
            assertEquals(1, backends.log.with("refuses an addition").size());
            server.call("DEL", "ballast");
            await().atMost(LONG)
                    .until(() -> !backend.info().details().containsKey("refusedByServer")
                            && backend.getAll("ns").size() == 100);
        }
    }

    /** It answers, though it has nothing good to say. */
    @Test
    public void serverThatComesBack_andRefuses_isNotAskedWithoutEnd() {
        try (RedisServer server = new RedisServer();
                FaultProxy proxy = new FaultProxy(server.port, new Random(1), 1);
                OnServer backends = on("redis://127.0.0.1:" + proxy.port)) {
            RedisBackend backend = backends.open("redis", "poolSize", "1");
            backend.inc("ns", "k", 1, 0);
            proxy.refuse();
            await().atMost(LONG).until(() -> !backend.isConnected());
            assertThrows(BackendUnavailableException.class, () -> backend.inc("ns", "k", 1, 0));
            server.call("DEL", "counterex:{ns/0}v");
            server.call("SET", "counterex:{ns/0}v", "mine");
            proxy.pass();
            await().atMost(LONG).until(backend::isConnected);
            server.call("CONFIG", "RESETSTAT");
            long beats = Long.parseLong(backend.info().details().get("batches")) + 2;
            await().atMost(LONG)
                    .until(() -> Long.parseLong(backend.info().details().get("batches")) >= beats);
            String calls = server.text("INFO", "commandstats")
                    .lines()
                    .filter(line -> line.startsWith("cmdstat_evalsha:"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(calls, Integer.parseInt(calls.replaceFirst(".*calls=(\\d+),.*", "$1")) < 20);
            assertRefused(() -> backend.inc("ns", "k", 1, 0), "WRONGTYPE");
        }
    }

    @Test
    public void scriptThatTheServerHasForgotten_isSentAgain() {
        try (RedisServer server = new RedisServer();
                OnServer backends = on("redis://127.0.0.1:" + server.port)) {
            CounterBackend backend = backends.open("redis");
            for (int i = 1; i <= 5; i++) {
                server.call("SCRIPT", "FLUSH");
                assertEquals(i, backend.inc("ns", "k", 1, 0));
            }
        }
    }

    @Test
    public void numberOfBuckets_thatIsNotThatOfTheServer_isToldAndNothingCounted() {
        try (RedisServer server = new RedisServer();
                OnServer backends = on("redis://127.0.0.1:" + server.port)) {
            CounterBackend one = backends.open("one");
            assertEquals(1, one.inc("ns", "k", 1, 0));
            CounterBackend two = backends.open("two", "buckets", "2");
            assertRefused(() -> two.inc("ns", "k", 1, 0), "buckets=2 wanted=1");
            assertEquals(Map.of("k", 1L), one.getAll("ns"));
        }
    }
}
