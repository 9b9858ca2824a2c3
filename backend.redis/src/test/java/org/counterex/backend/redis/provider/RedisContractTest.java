package org.counterex.backend.redis.provider;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.counterex.api.backend.CounterBackend;
import org.counterex.tck.Alternating;
import org.counterex.tck.BackendUnderTest;
import org.counterex.tck.ConcurrentBackendContract;
import org.counterex.tck.ConcurrentSharedValuesContract;
import org.counterex.tck.CounterBackendContract;
import org.counterex.tck.CounterLifecycleContract;
import org.counterex.tck.NamespaceContract;
import org.counterex.tck.RangeContract;
import org.counterex.tck.SharedBackendUnderTest;
import org.counterex.tck.SharedValuesContract;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;
import redis.clients.jedis.HostAndPort;

/** The contract of a backend, on a real server or cluster, with one and with two runtimes, in both modes. */
@RunWith(Enclosed.class)
public class RedisContractTest {

    /** Key prefix of each backend. */
    private static final Map<CounterBackend, String> PREFIXES = new ConcurrentHashMap<>();

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static RedisServer server;
    private static RedisCluster cluster;
    private static String nodes;
    private static TestBackends backends;

    @BeforeClass
    public static void start() {
        server = new RedisServer();
        cluster = new RedisCluster();
        nodes = cluster.addresses().stream().map(HostAndPort::toString).collect(Collectors.joining(","));
        backends = TestBackends.on(server.port);
    }

    @AfterClass
    public static void stop() {
        backends.close();
        cluster.close();
        server.close();
    }

    /** Opens a backend with a key prefix of its own. */
    private static CounterBackend fresh(String... settings) {
        return open("test" + NUMBERS.incrementAndGet() + ":", settings);
    }

    private static CounterBackend another(CounterBackend backend, String... settings) {
        return open(PREFIXES.get(backend), settings);
    }

    private static CounterBackend open(String prefix, String... settings) {
        String[] all = Arrays.copyOf(settings, settings.length + 2);
        all[settings.length] = "keyPrefix";
        all[settings.length + 1] = prefix;
        CounterBackend backend = backends.open("redis" + NUMBERS.incrementAndGet(), all);
        PREFIXES.put(backend, prefix);
        return backend;
    }

    /** Fewer repetitions than for backends in memory. */
    interface OnRedis extends BackendUnderTest {
        @Override
        default int repetitions() {
            return 500;
        }

        @Override
        default int manyCounters() {
            return 2_000;
        }
    }

    interface Exact extends OnRedis, SharedBackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return fresh();
        }

        @Override
        default CounterBackend another(CounterBackend backend) {
            return RedisContractTest.another(backend);
        }
    }

    /** Additions are sent later, and results are estimates. */
    interface Buffered extends OnRedis, SharedBackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return fresh("mode", "buffered", "flushIntervalMs", "5", "buckets", "3");
        }

        @Override
        default CounterBackend another(CounterBackend backend) {
            return RedisContractTest.another(backend, "mode", "buffered", "flushIntervalMs", "5", "buckets", "3");
        }

        @Override
        default boolean isSeenAtOnce() {
            return false;
        }

        @Override
        default boolean returnsExactValues() {
            return false;
        }
    }

    /** Two runtimes, used alternately as one backend. */
    interface Together extends OnRedis {
        @Override
        default CounterBackend newBackend() {
            CounterBackend one = fresh("buckets", "3");
            return new Alternating(one, another(one, "buckets", "3"));
        }
    }

    /** Two runtimes on a cluster, with each namespace spread over its nodes. */
    interface OnCluster extends OnRedis, SharedBackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return fresh("nodes", nodes, "buckets", "6");
        }

        @Override
        default CounterBackend another(CounterBackend backend) {
            return RedisContractTest.another(backend, "nodes", nodes, "buckets", "6");
        }
    }

    public static class Operations extends CounterBackendContract implements Exact {}

    public static class Namespaces extends NamespaceContract implements Exact {}

    public static class Range extends RangeContract implements Exact {}

    public static class Races extends ConcurrentBackendContract implements Exact {}

    public static class Lives extends CounterLifecycleContract implements Exact {}

    public static class SharedValues extends SharedValuesContract implements Exact {}

    public static class SharedRaces extends ConcurrentSharedValuesContract implements Exact {}

    public static class OperationsTogether extends CounterBackendContract implements Together {}

    public static class NamespacesTogether extends NamespaceContract implements Together {}

    public static class RangeTogether extends RangeContract implements Together {}

    public static class RacesTogether extends ConcurrentBackendContract implements Together {}

    public static class LivesTogether extends CounterLifecycleContract implements Together {}

    public static class OperationsOnCluster extends CounterBackendContract implements OnCluster {}

    public static class NamespacesOnCluster extends NamespaceContract implements OnCluster {}

    public static class RacesOnCluster extends ConcurrentBackendContract implements OnCluster {}

    public static class SharedValuesOnCluster extends SharedValuesContract implements OnCluster {}

    public static class SharedRacesOnCluster extends ConcurrentSharedValuesContract implements OnCluster {}

    public static class BufferedSharedValues extends SharedValuesContract implements Buffered {}

    public static class BufferedSharedRaces extends ConcurrentSharedValuesContract implements Buffered {}
}
