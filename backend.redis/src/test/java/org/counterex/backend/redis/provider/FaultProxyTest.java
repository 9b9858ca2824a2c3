package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.counterex.backend.redis.provider.FaultProxy.Fault;
import org.counterex.tck.Seed;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** The proxy fixture: each fault is injected, counted, and has its documented effect on the server. */
public class FaultProxyTest {

    @Rule
    public final Seed seed = new Seed();

    private RedisServer server;
    private FaultProxy proxy;

    @Before
    public void open() {
        server = new RedisServer();
        proxy = new FaultProxy(server.port, seed.random(0), 20);
    }

    @After
    public void close() {
        proxy.close();
        server.close();
    }

    private Connection connect(int timeoutMs) {
        return new Connection(
                new HostAndPort("127.0.0.1", proxy.port),
                DefaultJedisClientConfig.builder()
                        .timeoutMillis(timeoutMs)
                        .serverDefaultProtocol()
                        .build());
    }

    private static long increment(Connection connection) {
        return (Long) connection.executeCommand(new CommandArguments(Command.INCR).add("a"));
    }

    private long counted() {
        byte[] value = (byte[]) server.call("GET", "a");
        return value == null ? 0 : Long.parseLong(new String(value));
    }

    /** Sends a request during a fault, and returns the client's failure. */
    private String failure(Fault fault, int timeoutMs) throws Exception {
        Connection connection = connect(timeoutMs);
        assertEquals(1, increment(connection));
        proxy.inject(1, fault);
        String message = assertThrows(JedisConnectionException.class, () -> increment(connection))
                .toString();
        connection.forceDisconnect();
        assertEquals(proxy.toString(), 1, proxy.count(fault));
        return message;
    }

    @Test
    public void proxy_withoutFaults_forwardsEverything() {
        try (Connection connection = connect(10_000)) {
            assertEquals(1, increment(connection));
            byte[] large = new byte[1_000_000];
            connection.executeCommand(new CommandArguments(Command.SET).add("b").add(large));
            assertEquals(
                    large.length,
                    ((byte[]) connection.executeCommand(new CommandArguments(Command.GET).add("b"))).length);
        }
        assertEquals(1, proxy.connections());
    }

    @Test
    public void droppedRequest_isNotApplied() throws Exception {
        assertTrue(failure(Fault.DROP_REQUEST, 100).contains("SocketTimeoutException"));
        assertEquals(1, counted());
    }

    @Test
    public void droppedReply_leavesTheRequestApplied() throws Exception {
        assertTrue(failure(Fault.DROP_REPLY, 100).contains("SocketTimeoutException"));
        assertEquals(2, counted());
    }

    /** Otherwise a client would take the next reply for the one that was dropped. */
    @Test
    public void droppedReply_isTheLastOnItsConnection() throws Exception {
        try (Socket client = new Socket("127.0.0.1", proxy.port)) {
            byte[] ping = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
            proxy.inject(1, Fault.DROP_REPLY);
            client.getOutputStream().write(ping);
            await().atMost(10, TimeUnit.SECONDS).until(() -> proxy.count(Fault.DROP_REPLY) == 1);
            proxy.forward();
            client.getOutputStream().write(ping);
            client.setSoTimeout(100);
            assertThrows(
                    SocketTimeoutException.class, () -> client.getInputStream().read());
        }
    }

    @Test
    public void truncatedRequest_isNotApplied() throws Exception {
        assertFalse(failure(Fault.TRUNCATE, 10_000).contains("SocketTimeoutException"));
        assertEquals(1, counted());
    }

    @Test
    public void resetConnection_isSeenByTheClient() throws Exception {
        assertTrue(failure(Fault.RESET, 10_000).contains("Connection reset"));
        assertEquals(1, counted());
    }

    @Test
    public void delayedChunks_arrive() {
        try (Connection connection = connect(10_000)) {
            proxy.inject(1, Fault.DELAY);
            assertEquals(1, increment(connection));
            assertEquals(2, increment(connection));
            assertEquals(4, proxy.count(Fault.DELAY));
        }
    }

    @Test
    public void refusal_lastsUntilForward() throws Exception {
        Connection lost = connect(10_000);
        assertEquals(1, increment(lost));
        proxy.refuse();
        assertThrows(JedisConnectionException.class, () -> increment(lost));
        lost.forceDisconnect();
        // The accepting thread takes a moment to release the socket.
        await().atMost(Duration.ofMinutes(1)).until(this::isRefused);
        proxy.forward();
        try (Connection connection = connect(10_000)) {
            assertEquals(2, increment(connection));
        }
    }

    private boolean isRefused() throws IOException {
        try (Socket accepted = new Socket("127.0.0.1", proxy.port)) {
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    @Test
    public void swallow_acceptsAndNeverResponds() {
        try (Connection connection = connect(100)) {
            assertEquals(1, increment(connection));
            proxy.swallow();
            assertThrows(JedisConnectionException.class, () -> increment(connection));
        }
        assertThrows(JedisConnectionException.class, () -> connect(100).ping());
        assertEquals(2, proxy.connections());
        proxy.forward();
        try (Connection connection = connect(10_000)) {
            assertEquals(2, increment(connection));
        }
    }

    @Test
    public void missingServer_resetsTheClient() {
        server.kill();
        assertThrows(JedisConnectionException.class, () -> connect(10_000).ping());
        server.start();
        try (Connection connection = connect(10_000)) {
            assertTrue(connection.ping());
        }
    }

    @Test
    public void client_duringFaults_neverGetsAWrongReply() throws Exception {
        proxy.inject(0.05);
        int attempts = seed.rounds(1_000);
        long acknowledged = 0;
        long last = 0;
        Connection connection = null;
        for (int i = 0; i < attempts; i++) {
            try {
                if (connection == null) {
                    connection = connect(50);
                }
                long value = increment(connection);
                assertTrue("value=" + value + " last=" + last, value > last);
                last = value;
                acknowledged++;
            } catch (JedisConnectionException e) {
                if (connection != null) {
                    // close() would send what is still buffered, and fail.
                    connection.forceDisconnect();
                }
                connection = null;
            }
        }
        String story = proxy + " attempts=" + attempts + " acknowledged=" + acknowledged + " counted=" + counted();
        assertTrue(story, acknowledged < counted() && counted() < attempts);
        for (Fault fault : Fault.values()) {
            assertTrue(story, proxy.count(fault) > 0);
        }
    }
}
