package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CasResult;
import org.counterex.api.backend.CounterBackend;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * A backend on a cluster during resharding, failover and node failures. Tests share the cluster, in whatever state it
 * is.
 */
public class ClusterTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int BUCKETS = 6;
    private static final int CALLERS = 4;
    private static final int KEYS = 24;

    private static RedisCluster cluster;
    private static TestBackends backends;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean finished = new AtomicBoolean();

    @BeforeClass
    public static void open() {
        cluster = new RedisCluster(RedisServer.DURABLE.toArray(String[]::new));
        String nodes = cluster.addresses().stream().map(HostAndPort::toString).collect(Collectors.joining(","));
        backends = new TestBackends(
                "redis://127.0.0.1",
                "nodes",
                nodes,
                "buckets",
                Integer.toString(BUCKETS),
                "responseTimeoutMs",
                "20000");
    }

    @AfterClass
    public static void close() {
        backends.close();
        cluster.close();
    }

    @After
    public void stop() {
        finished.set(true);
        threads.shutdownNow();
    }

    private static int slot(String namespace, int bucket) {
        return JedisClusterCRC16.getSlot("counterex:{" + namespace + "/" + bucket + "}v");
    }

    private static RedisServer other(RedisServer master) {
        return cluster.masters().stream()
                .filter(server -> server != master)
                .findFirst()
                .orElseThrow();
    }

    /** Returns a key whose counter is in the bucket. */
    private static String keyIn(int bucket) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "k" + i)
                .filter(key -> Math.floorMod(key.hashCode(), BUCKETS) == bucket)
                .findFirst()
                .orElseThrow();
    }

    /** Increments by several threads, with the values returned to them. */
    private final class Load {

        private final CounterBackend backend;
        private final String namespace;
        private final Map<String, Set<Long>> returned = new ConcurrentHashMap<>();
        private final AtomicLong acknowledged = new AtomicLong();
        private final AtomicLong unknown = new AtomicLong();
        private final List<Future<Void>> running;

        Load(CounterBackend backend, String namespace) {
            this.backend = backend;
            this.namespace = namespace;
            Callable<Void> caller = this::count;
            running = IntStream.range(0, CALLERS)
                    .mapToObj(i -> threads.submit(caller))
                    .toList();
            awaitMore();
        }

        private Void count() {
            for (int i = 0; !finished.get(); i++) {
                String key = "k" + i % KEYS;
                try {
                    long value = backend.inc(namespace, key, 1, 0);
                    assertTrue(
                            "returned twice: " + key + "=" + value,
                            returned.computeIfAbsent(key, absent -> ConcurrentHashMap.newKeySet())
                                    .add(value));
                    acknowledged.incrementAndGet();
                } catch (BackendUnavailableException e) {
                    if (e.mayHaveBeenApplied()) {
                        unknown.incrementAndGet();
                    }
                    throw e;
                }
            }
            return null;
        }

        /** Waits until the callers make progress. */
        void awaitMore() {
            long before = acknowledged.get();
            await().atMost(TIMEOUT)
                    .until(() -> acknowledged.get() >= before + 500
                            || running.stream().anyMatch(Future::isDone));
        }

        /** Asserts that no call failed, and that the values returned have no duplicates and no gaps. */
        void assertExact() throws Exception {
            awaitMore();
            finished.set(true);
            for (Future<Void> caller : running) {
                caller.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            }
            Map<String, Long> expected = new HashMap<>();
            returned.forEach((key, values) -> expected.put(key, (long) values.size()));
            assertEquals(expected, backend.getAll(namespace));
            returned.forEach((key, values) -> assertTrue(key, values.contains((long) values.size())));
            assertEquals("0", backend.info().details().getOrDefault("lostByServer", "0"));
        }
    }

    @Test
    public void calls_ofEveryKind_areRoutedToTheirNodes() {
        RedisBackend backend = backends.open("calls");
        Map<String, Long> expected = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            assertEquals(i + 2, backend.inc("calls", "k" + i, 2, i));
            backend.add("calls", "k" + i, -2);
            expected.put("k" + i, (long) i);
        }
        assertEquals(expected, backend.getAll("calls"));
        assertTrue(
                "spread over all masters",
                IntStream.range(0, BUCKETS)
                                .mapToObj(bucket -> cluster.owner(slot("calls", bucket)))
                                .distinct()
                                .count()
                        == 3);
        assertEquals(new CasResult(true, 8), backend.compareAndSwap("calls", "k7", 7, 8));
        assertEquals(new CasResult(false, 8), backend.compareAndSwap("calls", "k7", 7, 9));
        assertEquals(5, backend.set("calls", "k0", 5));
        assertEquals(1, backend.reset("calls", "k0", 1));
        backend.merge("calls", "k0", 41);
        assertEquals(OptionalLong.of(42), backend.take("calls", "k0"));
        assertEquals(OptionalLong.empty(), backend.get("calls", "k0"));
        backend.delete("calls", "k7");
        expected.remove("k0");
        expected.remove("k7");
        assertEquals(
                Map.of("calls", 98L),
                Map.of("calls", backend.info().namespaces().get("calls")));
        assertEquals(expected, backend.drain("calls"));
        backend.set("calls", "k", 1);
        backend.deleteNamespace("calls");
        assertEquals(Map.of(), backend.getAll("calls"));
    }

    @Test
    public void bufferedAdditions_areSentToEveryNode() {
        RedisBackend backend = backends.open("buffered", "mode", "buffered", "flushIntervalMs", "5");
        for (int i = 0; i < 1_000; i++) {
            backend.add("buffered", "k" + i % 100, 1);
        }
        backend.flush("buffered");
        Map<String, Long> all = backends.open("buffered2").getAll("buffered");
        assertEquals(100, all.size());
        assertEquals(Set.of(10L), Set.copyOf(all.values()));
    }

    @Test
    public void resharding_underLoad_changesNoCount() throws Exception {
        Load load = new Load(backends.open("resharded"), "resharded");
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            int slot = slot("resharded", bucket);
            RedisServer from = cluster.owner(slot);
            RedisServer to = other(from);
            cluster.reshard(slot, from, to);
            load.awaitMore();
            cluster.reshard(slot, to, from);
        }
        load.assertExact();
    }

    /** The two keys of a bucket are on different nodes: calls to this bucket wait, calls to others do not. */
    @Test
    public void slotInMigration_blocksItsOwnBucketOnly() throws Exception {
        RedisBackend backend = backends.open("half");
        String blocked = keyIn(0);
        String free = keyIn(1);
        assertEquals(1, backend.inc("half", blocked, 1, 0));
        int slot = slot("half", 0);
        RedisServer from = cluster.owner(slot);
        RedisServer to = other(from);
        cluster.beginResharding(slot, from, to);
        assertEquals("both keys on the source", 2, backend.inc("half", blocked, 1, 0));
        assertTrue(cluster.migrateKey(slot, from, to));
        Future<Long> waiting = threads.submit(() -> backend.inc("half", blocked, 1, 0));
        await().atMost(TIMEOUT)
                .until(() ->
                        backend.info().details().getOrDefault("problem", "").contains("TRYAGAIN"));
        for (int i = 1; i <= 100; i++) {
            assertEquals(i, backend.inc("half", free, 1, 0));
        }
        assertFalse(waiting.isDone());
        assertTrue(cluster.migrateKey(slot, from, to));
        assertEquals("both keys on the target", Long.valueOf(3), waiting.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(4, backend.inc("half", blocked, 1, 0));
        cluster.finishResharding(slot, from, to);
        assertEquals(5, backend.inc("half", blocked, 1, 0));
        await().atMost(TIMEOUT).until(backend::isConnected);
        cluster.reshard(slot, to, from);
    }

    @Test
    public void newSession_onASlotInMigration_waits() throws Exception {
        int slot = slot("fresh", 0);
        backends.open("before").set("fresh", keyIn(0), 10);
        RedisServer from = cluster.owner(slot);
        RedisServer to = other(from);
        cluster.beginResharding(slot, from, to);
        RedisBackend impatient = backends.open("impatient", "responseTimeoutMs", "500");
        BackendUnavailableException e =
                assertThrows(BackendUnavailableException.class, () -> impatient.inc("fresh", keyIn(0), 1, 0));
        assertFalse(e.mayHaveBeenApplied());
        Future<Long> waiting = threads.submit(() -> backends.open("patient").inc("fresh", keyIn(0), 1, 0));
        while (cluster.migrateKey(slot, from, to)) {
            assertFalse(waiting.isDone());
        }
        cluster.finishResharding(slot, from, to);
        assertEquals(Long.valueOf(11), waiting.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
        cluster.reshard(slot, to, from);
    }

    @Test
    public void plannedFailover_underLoad_changesNoCount() throws Exception {
        Load load = new Load(backends.open("planned"), "planned");
        for (RedisServer master : cluster.masters()) {
            cluster.failover(master);
            load.awaitMore();
        }
        load.assertExact();
    }

    /** The only configured node is gone, and the cluster goes on without it. */
    @Test
    public void configuredNode_thatIsKilled_isNotNeeded() {
        RedisServer named = cluster.owner(slot("named", 0));
        RedisBackend backend = backends.open("named", "nodes", named.address().toString());
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            assertEquals(1, backend.inc("named", keyIn(bucket), 1, 0));
        }
        cluster.kill(named);
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            assertTrue(backend.inc("named", keyIn(bucket), 1, 0) > 0);
        }
        cluster.restart(named);
    }

    /**
     * One bucket with one caller, so that each call is a batch: the calls that only the killed master has applied are
     * missing, and are reported.
     */
    @Test
    public void batches_notReplicated_areReportedAsLost() {
        RedisBackend backend = backends.open("lost");
        String key = keyIn(0);
        int slot = slot("lost", 0);
        RedisServer master = cluster.owner(slot);
        RedisServer replica = cluster.replica(master);
        for (int i = 1; i <= 10; i++) {
            assertEquals(i, backend.inc("lost", key, 1, 0));
        }
        assertEquals(1L, master.call("WAIT", 1, 10_000));
        replica.pause();
        master.call("CLIENT", "KILL", "TYPE", "REPLICA"); // otherwise its socket buffers what follows
        for (int i = 11; i <= 17; i++) {
            assertEquals(i, backend.inc("lost", key, 1, 0));
        }
        master.kill();
        cluster.resumeAsMaster(replica);
        long value = backend.inc("lost", key, 1, 0);
        int lost = Integer.parseInt(backend.info().details().getOrDefault("lostByServer", "0"));
        assertEquals(18, value + lost);
        assertEquals(backends.log.toString(), 7, lost);
        assertEquals(1, backends.log.with("bucket=lost/0 batches=11..17").size());
        assertEquals(value + 1, backend.inc("lost", key, 1, 0));
        cluster.restart(master);
    }

    @Test
    public void killedMaster_underLoad_losesWhatIsReported() throws Exception {
        RedisBackend backend = backends.open("killed");
        AtomicLong acknowledged = new AtomicLong();
        List<Future<Void>> callers = IntStream.range(0, BUCKETS)
                .mapToObj(bucket -> threads.submit(() -> {
                    while (!finished.get()) {
                        backend.inc("killed", keyIn(bucket), 1, 0);
                        acknowledged.incrementAndGet();
                    }
                    return (Void) null;
                }))
                .toList();
        await().atMost(TIMEOUT).until(() -> acknowledged.get() > 1_000);
        RedisServer master = cluster.owner(slot("killed", 0));
        cluster.kill(master);
        long before = acknowledged.get();
        await().atMost(TIMEOUT).until(() -> acknowledged.get() > before + 1_000 && backend.isConnected());
        finished.set(true);
        for (Future<Void> caller : callers) {
            caller.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        }
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            backend.inc("killed", keyIn(bucket), 1, 0);
        }
        long lost = Long.parseLong(backend.info().details().getOrDefault("lostByServer", "0"));
        long kept = backend.getAll("killed").values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertEquals("lost=" + lost, acknowledged.get() + BUCKETS, kept + lost);
        cluster.restart(master);
    }
}
