package org.counterex.backend.redis.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;
import redis.clients.jedis.util.JedisClusterCRC16;

/** The cluster fixture. Tests share one cluster, in whatever state it is. */
public class RedisClusterTest {

    private static RedisCluster cluster;

    @BeforeClass
    public static void open() {
        cluster = new RedisCluster(RedisServer.DURABLE.toArray(String[]::new));
    }

    @AfterClass
    public static void close() {
        cluster.close();
    }

    @Test
    public void slots_areServedByThreeMasters() {
        assertEquals(3, cluster.masters().size());
        assertEquals(6, cluster.addresses().size());
        for (int slot : new int[] {0, 5_000, 10_000, 16_383}) {
            assertEquals(slot, JedisClusterCRC16.getSlot(keyOf(slot)));
            RedisServer owner = cluster.owner(slot);
            owner.call("SET", keyOf(slot), "1");
            RedisServer other = cluster.masters().stream()
                    .filter(server -> server != owner)
                    .findAny()
                    .orElseThrow();
            JedisMovedDataException moved =
                    assertThrows(JedisMovedDataException.class, () -> other.call("GET", keyOf(slot)));
            assertEquals(owner.address(), moved.getTargetNode());
        }
    }

    private static String keyOf(int slot) {
        int i = 0;
        while (JedisClusterCRC16.getSlot("key-" + i) != slot) {
            i++;
        }
        return "key-" + i;
    }

    @Test
    public void plannedFailover_promotesTheReplica() {
        String key = keyOf(100);
        RedisServer master = cluster.owner(100);
        master.call("SET", key, "failover");
        RedisServer successor = cluster.failover(master);
        assertEquals(successor, cluster.owner(100));
        assertEquals("failover", successor.text("GET", key));
        assertEquals(master, cluster.failover(successor));
    }

    @Test
    public void killedMaster_returnsAsReplica() {
        String key = keyOf(16_000);
        RedisServer master = cluster.owner(16_000);
        master.call("SET", key, "killed");
        assertEquals(1L, master.call("WAIT", 1, 10_000));
        RedisServer successor = cluster.kill(master);
        assertNotEquals(master, successor);
        assertEquals("killed", successor.text("GET", key));
        cluster.restart(master);
        assertEquals(3, cluster.masters().size());
        assertEquals(master, cluster.failover(successor));
        assertEquals("killed", master.text("GET", key));
    }

    @Test
    public void reshardedSlot_isServedByTheTarget() {
        RedisServer from = cluster.owner(8_000);
        RedisServer to = cluster.owner(0);
        String tag = "{" + keyOf(8_000) + "}";
        for (int i = 0; i < 20; i++) {
            from.call("SET", tag + i, i);
        }
        cluster.reshard(8_000, from, to);
        assertEquals(to, cluster.owner(8_000));
        assertEquals(from, cluster.owner(8_001));
        for (int i = 0; i < 20; i++) {
            assertEquals(Integer.toString(i), to.text("GET", tag + i));
        }
        cluster.reshard(8_000, to, from);
        assertEquals(from, cluster.owner(8_000));
    }

    /** What a client has to handle: a command with two keys of which one has been migrated. */
    @Test
    public void slotInMigration_redirectsToTheTarget() {
        RedisServer from = cluster.owner(8_100);
        RedisServer to = cluster.owner(0);
        String tag = "{" + keyOf(8_100) + "}";
        from.call("SET", tag + "1", 1);
        from.call("SET", tag + "2", 2);
        cluster.beginResharding(8_100, from, to);
        assertEquals(2L, from.call("EXISTS", tag + "1", tag + "2"));
        assertTrue(cluster.migrateKey(8_100, from, to));
        JedisDataException redirection =
                assertThrows(JedisDataException.class, () -> from.call("EXISTS", tag + "1", tag + "2"));
        assertTrue( // since version 7 TRYAGAIN
                redirection.getMessage(),
                redirection instanceof JedisAskDataException ask && to.address().equals(ask.getTargetNode())
                        || redirection.getMessage().startsWith("TRYAGAIN"));
        assertThrows(JedisMovedDataException.class, () -> to.call("EXISTS", tag + "1", tag + "2"));
        try (Connection connection = to.connect()) {
            connection.executeCommand(Command.ASKING);
            JedisDataException tryAgain = assertThrows(
                    JedisDataException.class,
                    () -> connection.executeCommand(
                            new CommandArguments(Command.EXISTS).add(tag + "1").add(tag + "2")));
            assertTrue(tryAgain.getMessage(), tryAgain.getMessage().startsWith("TRYAGAIN "));
        }
        assertTrue(cluster.migrateKey(8_100, from, to));
        assertFalse(cluster.migrateKey(8_100, from, to));
        cluster.finishResharding(8_100, from, to);
        assertEquals(2L, to.call("EXISTS", tag + "1", tag + "2"));
    }

    @Test
    public void reshardingAndFailover_underLoad_loseNothing() throws Exception {
        String key = keyOf(12_000);
        RedisServer source = cluster.owner(12_000);
        RedisServer target = cluster.owner(0);
        AtomicBoolean finished = new AtomicBoolean();
        Counting counting = new Counting(key, source.address());
        CompletableFuture<Void> client = CompletableFuture.runAsync(() -> {
            while (!finished.get()) {
                counting.incrementUntil(finished);
            }
        });
        cluster.reshard(12_000, source, target);
        RedisServer successor = cluster.failover(target);
        cluster.reshard(12_000, successor, source);
        finished.set(true);
        client.get(30, TimeUnit.SECONDS);
        cluster.failover(successor);
        long kept = Long.parseLong(source.text("GET", key));
        String story = "kept=" + kept + " acknowledged=" + counting.acknowledged + " unknown=" + counting.unknown
                + " redirections=" + counting.redirections;
        assertTrue(story, counting.acknowledged <= kept && kept <= counting.acknowledged + counting.unknown);
        assertTrue(story, counting.acknowledged > 100 && counting.redirections >= 3);
    }

    /** Increments of a key on the node that the cluster redirects to, without retries of what may have been applied. */
    private static final class Counting {

        private final String key;
        private HostAndPort owner;
        private long acknowledged;
        private long unknown;
        private long redirections;

        Counting(String key, HostAndPort owner) {
            this.key = key;
            this.owner = owner;
        }

        /** Increments until the test has finished, or the cluster redirects to another node. */
        void incrementUntil(AtomicBoolean finished) {
            try (Connection connection = new Connection(owner)) {
                while (!finished.get()) {
                    connection.executeCommand(new CommandArguments(Command.INCR).add(key));
                    acknowledged++;
                }
            } catch (JedisAskDataException ask) {
                redirections++;
                try (Connection connection = new Connection(ask.getTargetNode())) {
                    connection.executeCommand(Command.ASKING);
                    connection.executeCommand(new CommandArguments(Command.INCR).add(key));
                    acknowledged++;
                } catch (JedisRedirectionException e) {
                    // The slot was assigned in between.
                }
            } catch (JedisMovedDataException moved) {
                redirections++;
                owner = moved.getTargetNode();
            } catch (JedisConnectionException e) {
                unknown++;
            }
        }
    }
}
