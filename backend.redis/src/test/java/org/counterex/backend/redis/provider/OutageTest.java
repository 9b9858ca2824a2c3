package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.counterex.api.BackendUnavailableException;
import org.junit.After;
import org.junit.Test;

/** What becomes of operations, acknowledged or not, when the server is unavailable or the backend stops. */
public class OutageTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final RedisServer server = new RedisServer();
    private final FaultProxy proxy = new FaultProxy(server.port, new Random(1), 1);
    private final TestBackends backends = TestBackends.on(
            proxy.port, "responseTimeoutMs", "1000", "connectTimeoutMs", "1000", "flushIntervalMs", "5");

    @After
    public void close() {
        backends.close();
        proxy.close();
        server.close();
    }

    private static void awaitPending(RedisBackend backend, int pending) {
        await().atMost(TIMEOUT)
                .until(() -> backend.info().details().get("pending").equals(Integer.toString(pending)));
    }

    /** Opens a backend and waits until its first operation, the heartbeat, is answered: the next one will be a call. */
    private RedisBackend connected(String name, String... settings) {
        RedisBackend backend = backends.open(name, settings);
        await().atMost(TIMEOUT).until(backend::isConnected);
        return backend;
    }

    private static void awaitDisconnected(RedisBackend backend) {
        await().atMost(TIMEOUT).until(() -> !backend.isConnected());
    }

    @Test
    public void values_afterStop_remainOnTheServer() {
        RedisBackend backend = backends.open("redis", "mode", "buffered", "flushIntervalMs", "3600000");
        backend.add("ns", "k", 5);
        backend.close();
        assertFalse(Files.exists(backends.pendingFile("redis")));
        assertEquals(OptionalLong.of(5), backends.open("other").get("ns", "k"));
        assertThrows(BackendUnavailableException.class, () -> backend.add("ns", "k", 1));
    }

    @Test
    public void additions_notSent_areSentByTheNextBackend() {
        RedisBackend backend = backends.open("redis", "mode", "buffered");
        backend.set("ns", "k", 100);
        proxy.refuse();
        awaitDisconnected(backend);
        backend.add("ns", "k", 5);
        backend.add("ns", "k", 1L << 40);
        backend.add("ns", "new", -3);
        backend.merge("ns", "merged", 7);
        backend.close();
        assertTrue(Files.exists(backends.pendingFile("redis")));
        proxy.forward();
        RedisBackend next = backends.open("redis", "mode", "buffered");
        awaitPending(next, 0);
        assertEquals(Map.of("k", 105 + (1L << 40), "new", -3L, "merged", 7L), next.getAll("ns"));
        assertFalse(Files.exists(backends.pendingFile("redis")));
    }

    /** The reply was lost: only the session shows the next backend whether the batch was applied. */
    @Test
    public void uncertainBatch_ofStoppedBackend_isCountedOnce() {
        for (FaultProxy.Fault fault : List.of(FaultProxy.Fault.DROP_REPLY, FaultProxy.Fault.DROP_REQUEST)) {
            String name = fault.toString();
            RedisBackend backend = connected(name, "poolSize", "1");
            assertEquals(1, backend.inc(name, "k", 1, 0));
            proxy.inject(1, fault);
            assertTrue(assertThrows(BackendUnavailableException.class, () -> backend.inc(name, "k", 1, 0))
                    .mayHaveBeenApplied());
            proxy.refuse();
            backend.close();
            assertTrue(Files.exists(backends.pendingFile(name)));
            proxy.forward();
            RedisBackend next = backends.open(name);
            awaitPending(next, 0);
            assertEquals(name, OptionalLong.of(2), next.get(name, "k"));
            assertEquals("1", next.info().details().get("appliedLate"));
            assertEquals(3, next.inc(name, "k", 1, 0));
        }
    }

    /**
     * A queue without a saved state must not continue the session: its first batch would have a number already applied.
     */
    @Test
    public void queues_withoutSavedState_useANewSession() {
        for (int batches : new int[] {1, 3}) {
            String name = "redis" + batches;
            RedisBackend backend = backends.open(name);
            for (int i = 1; i <= batches; i++) {
                assertEquals(i, backend.inc("done" + batches, "k", 1, 0));
            }
            proxy.refuse();
            awaitDisconnected(backend);
            backend.merge("left" + batches, "k", 5);
            backend.close();
            proxy.forward();
            RedisBackend next = backends.open(name);
            awaitPending(next, 0);
            assertEquals(batches + 1, next.inc("done" + batches, "k", 1, 0));
            assertEquals(6, next.inc("left" + batches, "k", 1, 0));
        }
    }

    /** The outcome reported to a transfer has to be true, also if the backend is stopped in the meantime. */
    @Test
    public void merge_duringStop_isSavedOrRejected() throws Exception {
        RedisBackend backend = backends.open("redis", "responseTimeoutMs", "3000");
        backend.set("ns", "k", 1);
        proxy.swallow();
        Thread before =
                new Thread(() -> assertThrows(BackendUnavailableException.class, () -> backend.inc("ns", "k", 1, 0)));
        before.start();
        await("wait for a reply that does not arrive")
                .atMost(TIMEOUT)
                .until(() -> Stream.of(before.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("executeCommand")));
        FutureTask<Boolean> merge = new FutureTask<>(() -> {
            try {
                backend.merge("ns", "merged", 5);
                return true;
            } catch (BackendUnavailableException e) {
                assertFalse(e.mayHaveBeenApplied());
                return false;
            }
        });
        Thread merging = new Thread(merge);
        merging.start();
        await().atMost(TIMEOUT).until(() -> merging.getState() == Thread.State.TIMED_WAITING);
        proxy.refuse();
        backend.close();
        boolean merged = merge.get();
        before.join();
        proxy.forward();
        RedisBackend next = backends.open("redis");
        awaitPending(next, 0);
        assertEquals(merged ? OptionalLong.of(5) : OptionalLong.empty(), next.get("ns", "merged"));
    }

    /** Counters taken so far are put back. Waiting for each counter in turn would exceed the timeout by far. */
    @Test(timeout = 100_000)
    public void drain_thatFails_leavesEveryCounter() {
        RedisBackend backend = backends.open("redis");
        Object[] counters = IntStream.range(0, 10_000)
                .mapToObj(i -> i % 2 == 0 ? "k" + i : "1")
                .toArray();
        counters = Stream.concat(Stream.of("counterex:{ns/0}v"), Stream.of(counters))
                .toArray();
        server.call("HSET", counters);
        CompletableFuture<Void> drain = CompletableFuture.runAsync(() -> backend.drain("ns"));
        await().atMost(TIMEOUT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> (Long) server.call("HLEN", "counterex:{ns/0}v") < 5_000);
        proxy.swallow();
        assertTrue(
                assertThrows(CompletionException.class, drain::join).getCause() instanceof BackendUnavailableException);
        proxy.refuse();
        awaitDisconnected(backend);
        proxy.forward();
        awaitPending(backend, 0);
        assertEquals(5_000L, server.call("HLEN", "counterex:{ns/0}v"));
    }

    @Test
    public void bufferedBatch_forgottenByTheServer_releasesItsRoom() {
        RedisBackend backend =
                connected("redis", "sessionTtlMs", "1000", "poolSize", "1", "mode", "buffered", "maxBuffered", "1");
        backend.set("ns", "k", 1);
        proxy.inject(1, FaultProxy.Fault.DROP_REPLY);
        backend.add("ns", "first", 1);
        await().atMost(TIMEOUT).until(() -> backend.info().details().containsKey("outcomeUnknown"));
        proxy.forward();
        await().atMost(TIMEOUT).until(backend::isConnected);
        backend.add("ns", "second", 1);
        backend.flush("ns");
        assertEquals(OptionalLong.of(1), backend.get("ns", "second"));
    }

    /** After the session has expired on the server the outcome remains unknown, and the batch is not sent again. */
    @Test
    public void uncertainBatch_forgottenByTheServer_isLogged() {
        RedisBackend backend = connected("redis", "sessionTtlMs", "1000", "poolSize", "1");
        backend.inc("ns", "k", 1, 0);
        proxy.inject(1, FaultProxy.Fault.DROP_REPLY);
        assertThrows(BackendUnavailableException.class, () -> backend.inc("ns", "k", 1, 0));
        proxy.refuse();
        await().atMost(TIMEOUT).until(() -> ((List<?>) server.call("KEYS", "counterex:{ns/0}s*")).isEmpty());
        proxy.forward();
        await().atMost(TIMEOUT).until(() -> backend.info().details().containsKey("outcomeUnknown"));
        long value = await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(() -> backend.get("ns", "k"), OptionalLong::isPresent)
                .getAsLong();
        assertTrue("value " + value, value == 1 || value == 2);
        assertEquals(value + 1, backend.inc("ns", "k", 1, 0));
        assertEquals(1, backends.log.with("remains unknown").size());
    }

    @Test
    public void counter_takenAfterATimeout_isPutBack() {
        RedisBackend backend = connected("redis", "poolSize", "1");
        backend.set("ns", "k", 42);
        proxy.inject(1, FaultProxy.Fault.DROP_REPLY);
        assertTrue(assertThrows(BackendUnavailableException.class, () -> backend.take("ns", "k"))
                .mayHaveBeenApplied());
        assertEquals(List.of(), server.call("HGETALL", "counterex:{ns/0}v"));
        proxy.forward();
        awaitPending(backend, 0);
        assertEquals(OptionalLong.of(42), backend.get("ns", "k"));
    }

    @Test
    public void lossOfAcknowledgedBatches_isLogged() {
        RedisBackend backend = backends.open("redis");
        for (int i = 1; i <= 3; i++) {
            assertEquals(i, backend.inc("ns", "k", 1, 0));
        }
        server.kill();
        server.start();
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> backend.inc("ns", "k", 1, 0) > 0);
        assertEquals("3", backend.info().details().get("lostByServer"));
        assertEquals(
                backends.log.toString(), 1, backends.log.with("batches=1..3").size());
        await().atMost(TIMEOUT).until(() -> backend.info().namespaces().equals(Map.of("ns", 1L)));
    }

    @Test
    public void calls_duringOutage_areWithdrawnOrBuffered() {
        RedisBackend exact = backends.open("exact", "poolSize", "1");
        RedisBackend buffered = backends.open("buffered", "poolSize", "1", "mode", "buffered", "maxBuffered", "10");
        exact.set("ns", "k", 1);
        assertEquals(2, buffered.inc("ns", "k", 1, 0));
        proxy.refuse();
        awaitDisconnected(exact);
        awaitDisconnected(buffered);
        assertThrows(
                "without sending buffered additions", BackendUnavailableException.class, () -> buffered.get("ns", "k"));
        assertFalse(assertThrows(BackendUnavailableException.class, () -> exact.inc("ns", "k", 1, 0))
                .mayHaveBeenApplied());
        for (int i = 0; i < 9; i++) {
            buffered.add("ns", "b" + i, 1);
            buffered.add("ns", "b" + i, 1);
        }
        assertEquals("its own estimate", 3, buffered.inc("ns", "b0", 1, 0));
        BackendUnavailableException full = assertThrows(BackendUnavailableException.class, () -> {
            for (int i = 9; i < 12; i++) {
                buffered.add("ns", "b" + i, 1);
            }
        });
        assertTrue(full.getMessage(), full.getMessage().contains("maxBuffered=10"));
        assertFalse(full.mayHaveBeenApplied());
        proxy.forward();
        await().atMost(TIMEOUT).until(buffered::isConnected);
        buffered.flush("ns");
        assertEquals(OptionalLong.of(3), exact.get("ns", "b0"));
        assertEquals(OptionalLong.of(2), exact.get("ns", "b8"));
        assertEquals(OptionalLong.of(2), exact.get("ns", "k"));
    }

    @Test
    public void largeSteps_duringOutage_areBounded() {
        RedisBackend backend = backends.open("redis", "mode", "buffered", "maxBuffered", "2");
        backend.set("ns", "k", 1);
        proxy.refuse();
        awaitDisconnected(backend);
        backend.add("ns", "k", 1L << 40);
        backend.add("ns", "k", 1L << 40);
        String message = assertThrows(BackendUnavailableException.class, () -> backend.add("ns", "k", 1L << 40))
                .getMessage();
        assertTrue(message, message.contains("maxBuffered=2"));
        proxy.forward();
        await().atMost(TIMEOUT).until(backend::isConnected);
        for (int i = 0; i < 4; i++) {
            backend.add("ns", "k", 1L << 40);
            backend.flush("ns");
        }
        assertEquals(OptionalLong.of(1 + 6 * (1L << 40)), backend.get("ns", "k"));
    }

    @Test
    public void pendingFile_thatIsCorrupt_preventsTheStart() throws IOException {
        RedisBackend backend = backends.open("redis", "mode", "buffered");
        backend.flush("ns");
        proxy.refuse();
        awaitDisconnected(backend);
        backend.add("ns", "k", 5);
        backend.close();
        byte[] bytes = Files.readAllBytes(backends.pendingFile("redis"));
        for (int i = 0; i < bytes.length; i++) {
            byte[] corrupt = bytes.clone();
            corrupt[i] ^= 0x10;
            Files.write(backends.pendingFile("redis"), corrupt);
            UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> backends.open("redis"));
            assertTrue(e.getMessage(), e.getMessage().contains("redis.unsent"));
        }
        Files.write(backends.pendingFile("redis"), bytes);
        proxy.forward();
        RedisBackend next = backends.open("redis");
        awaitPending(next, 0);
        assertEquals(OptionalLong.of(5), next.get("ns", "k"));
    }

    @Test
    public void pendingFile_withMoreBuckets_preventsTheStart() {
        RedisBackend backend = backends.open("redis", "mode", "buffered", "buckets", "3");
        backend.flush("ns");
        proxy.refuse();
        awaitDisconnected(backend);
        for (int i = 0; i < 30; i++) {
            backend.add("ns", "k" + i, 1);
        }
        backend.close();
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> backends.open("redis"));
        assertTrue(e.getMessage(), e.getMessage().contains("buckets=1 expected=3 or more"));
        proxy.forward();
        RedisBackend next = backends.open("redis", "buckets", "3");
        awaitPending(next, 0);
        assertEquals(30, next.getAll("ns").size());
    }
}
