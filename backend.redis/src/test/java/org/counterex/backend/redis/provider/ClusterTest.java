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

/** A backend on a cluster, and what may happen to that. What one test does to it, the next one finds. */
public class ClusterTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int BUCKETS = 6;
    private static final int CALLERS = 4;
    private static final int KEYS = 24;

    private static RedisCluster cluster;
    private static OnServer backends;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean enough = new AtomicBoolean();

    @BeforeClass
    public static void open() {
        cluster = new RedisCluster(RedisServer.DURABLE.toArray(String[]::new));
        String nodes = cluster.addresses().stream().map(HostAndPort::toString).collect(Collectors.joining(","));
        backends = new OnServer(
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
        enough.set(true);
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

    /** The counter of a namespace that has so few of them that it is alone in its bucket. */
    private static String keyIn(int bucket) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "k" + i)
                .filter(key -> Math.floorMod(key.hashCode(), BUCKETS) == bucket)
                .findFirst()
                .orElseThrow();
    }

    /** Increments by many threads, and what they were told. */
    private final class Load {

        private final CounterBackend backend;
        private final String namespace;
        private final Map<String, Set<Long>> told = new ConcurrentHashMap<>();
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
            for (int i = 0; !enough.get(); i++) {
                String key = "k" + i % KEYS;
                try {
                    long value = backend.inc(namespace, key, 1, 0);
                    assertTrue(
                            "told twice: " + key + "=" + value,
                            told.computeIfAbsent(key, absent -> ConcurrentHashMap.newKeySet())
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

        /** Callers go on. */
        void awaitMore() {
            long before = acknowledged.get();
            await().atMost(LONG)
                    .until(() -> acknowledged.get() >= before + 500
                            || running.stream().anyMatch(Future::isDone));
        }

        /** No caller has met an exception, and each was told another value, without a gap. */
        void assertExact() throws Exception {
            awaitMore();
            enough.set(true);
            for (Future<Void> caller : running) {
                caller.get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            Map<String, Long> expected = new HashMap<>();
            told.forEach((key, values) -> expected.put(key, (long) values.size()));
            assertEquals(expected, backend.getAll(namespace));
            told.forEach((key, values) -> assertTrue(key, values.contains((long) values.size())));
            assertEquals("0", backend.info().details().getOrDefault("lostByServer", "0"));
        }
    }

    @Test
    public void callsOfEveryKind_findTheNodesOfTheirBuckets() {
        RedisBackend backend = backends.open("calls");
        Map<String, Long> expected = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            assertEquals(i + 2, backend.inc("calls", "k" + i, 2, i));
            backend.add("calls", "k" + i, -2);
            expected.put("k" + i, (long) i);
        }
        assertEquals(expected, backend.getAll("calls"));
        assertTrue(
                "over all masters",
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
    public void bufferedAdditions_areFlushedToEveryNode() {
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
    public void slotsReshardedUnderLoad_changeNoCount() throws Exception {
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

    /** One key of a bucket here and the other one there: callers wait, and those of other buckets do not. */
    @Test
    public void slotHalfHandedOver_holdsUpItsOwnBucketOnly() throws Exception {
        RedisBackend backend = backends.open("half");
        String here = keyIn(0);
        String elsewhere = keyIn(1);
        assertEquals(1, backend.inc("half", here, 1, 0));
        int slot = slot("half", 0);
        RedisServer from = cluster.owner(slot);
        RedisServer to = other(from);
        cluster.beginToReshard(slot, from, to);
        assertEquals("both keys are here", 2, backend.inc("half", here, 1, 0));
        assertTrue(cluster.migrateKey(slot, from, to));
        Future<Long> waits = threads.submit(() -> backend.inc("half", here, 1, 0));
        await().atMost(LONG)
                .until(() ->
                        backend.info().details().getOrDefault("problem", "").contains("TRYAGAIN"));
        for (int i = 1; i <= 100; i++) {
            assertEquals(i, backend.inc("half", elsewhere, 1, 0));
        }
        assertFalse(waits.isDone());
        assertTrue(cluster.migrateKey(slot, from, to));
        assertEquals("both keys are there", Long.valueOf(3), waits.get(LONG.toSeconds(), TimeUnit.SECONDS));
        assertEquals(4, backend.inc("half", here, 1, 0));
        cluster.finishToReshard(slot, from, to);
        assertEquals(5, backend.inc("half", here, 1, 0));
        await().atMost(LONG).until(backend::isConnected);
        cluster.reshard(slot, to, from);
    }

    @Test
    public void bucketOfANewSession_whoseSlotIsUnderWay_waitsForTheEndOfThat() throws Exception {
        int slot = slot("fresh", 0);
        backends.open("before").set("fresh", keyIn(0), 10);
        RedisServer from = cluster.owner(slot);
        RedisServer to = other(from);
        cluster.beginToReshard(slot, from, to);
        RedisBackend impatient = backends.open("impatient", "responseTimeoutMs", "500");
        BackendUnavailableException e =
                assertThrows(BackendUnavailableException.class, () -> impatient.inc("fresh", keyIn(0), 1, 0));
        assertFalse(e.mayHaveBeenApplied());
        Future<Long> waits = threads.submit(() -> backends.open("patient").inc("fresh", keyIn(0), 1, 0));
        while (cluster.migrateKey(slot, from, to)) {
            assertFalse(waits.isDone());
        }
        cluster.finishToReshard(slot, from, to);
        assertEquals(Long.valueOf(11), waits.get(LONG.toSeconds(), TimeUnit.SECONDS));
        cluster.reshard(slot, to, from);
    }

    @Test
    public void failoverAsPlanned_underLoad_changesNoCount() throws Exception {
        Load load = new Load(backends.open("planned"), "planned");
        for (RedisServer master : cluster.masters()) {
            cluster.failover(master);
            load.awaitMore();
        }
        load.assertExact();
    }

    /** What the configuration names has gone, and the cluster goes on without it. */
    @Test
    public void onlyNodeOfTheConfiguration_thatIsKilled_isNotNeeded() {
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
     * One bucket with one caller, so that each call is a batch: as many calls as its master has acknowledged alone, and no
     * replica has seen, are missing, and reported.
     */
    @Test
    public void acknowledgementsThatNoReplicaSaw_areReportedOneByOne() {
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
        master.call("CLIENT", "KILL", "TYPE", "REPLICA"); // else what follows waits for it in its socket
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
    public void masterKilled_underLoad_losesNoMoreThanIsReported() throws Exception {
        RedisBackend backend = backends.open("killed");
        AtomicLong acknowledged = new AtomicLong();
        List<Future<Void>> callers = IntStream.range(0, BUCKETS)
                .mapToObj(bucket -> threads.submit(() -> {
                    while (!enough.get()) {
                        backend.inc("killed", keyIn(bucket), 1, 0);
                        acknowledged.incrementAndGet();
                    }
                    return (Void) null;
                }))
                .toList();
        await().atMost(LONG).until(() -> acknowledged.get() > 1_000);
        RedisServer master = cluster.owner(slot("killed", 0));
        cluster.kill(master);
        long before = acknowledged.get();
        await().atMost(LONG).until(() -> acknowledged.get() > before + 1_000 && backend.isConnected());
        enough.set(true);
        for (Future<Void> caller : callers) {
            caller.get(LONG.toSeconds(), TimeUnit.SECONDS);
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
