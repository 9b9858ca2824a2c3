package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLHandshakeException;
import org.junit.Test;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisClientConfig.Builder;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** The server fixture, as seen by a client. */
public class RedisServerTest {

    private static Builder client() {
        return DefaultJedisClientConfig.builder().timeoutMillis(10_000).resp2();
    }

    private static String rejection(RedisServer server, Builder client, String command, String... arguments) {
        return assertThrows(JedisDataException.class, () -> {
                    try (Connection connection = new Connection(server.address(), client.build())) {
                        connection.executeCommand(
                                new CommandArguments(Command.valueOf(command)).addObjects((Object[]) arguments));
                    }
                })
                .getMessage();
    }

    @Test
    public void server_closed_leavesNothing() {
        RedisServer server = new RedisServer();
        assertEquals("PONG", server.text("PING"));
        ProcessHandle process = ProcessHandle.of(server.processId()).orElseThrow();
        server.close();
        assertFalse(process.isAlive());
        assertFalse(Files.exists(server.folder));
        assertThrows(JedisConnectionException.class, server::connect);
    }

    @Test
    public void server_withInvalidConfiguration_failsToStart() {
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> new RedisServer("nosuchdirective yes"));
        assertTrue(e.getMessage(), e.getMessage().contains("nosuchdirective"));
    }

    @Test
    public void server_restarted_keepsItsPort() {
        try (RedisServer server = new RedisServer()) {
            server.call("SET", "a", "1");
            server.stop();
            assertFalse(server.isRunning());
            server.start();
            assertEquals(null, server.call("GET", "a"));
        }
    }

    @Test
    public void durableServer_killedUnderLoad_keepsAcknowledgedWrites() throws Exception {
        try (RedisServer server = new RedisServer(RedisServer.DURABLE)) {
            AtomicLong acknowledged = new AtomicLong();
            for (int i = 0; i < 10; i++) {
                CountDownLatch counting = new CountDownLatch(100);
                CompletableFuture<Void> client = CompletableFuture.runAsync(() -> {
                    try (Connection connection = server.connect()) {
                        while (true) {
                            acknowledged.set(
                                    (Long) connection.executeCommand(new CommandArguments(Command.INCR).add("a")));
                            counting.countDown();
                        }
                    } catch (JedisConnectionException e) {
                        // The server was killed.
                    }
                });
                assertTrue(counting.await(30, TimeUnit.SECONDS));
                server.kill();
                client.get(30, TimeUnit.SECONDS);
                server.start();
                long kept = Long.parseLong(server.text("GET", "a"));
                assertTrue(
                        "acknowledged=" + acknowledged + " kept=" + kept,
                        kept == acknowledged.get() || kept == acknowledged.get() + 1);
            }
        }
    }

    @Test
    public void server_paused_doesNotRespond() {
        try (RedisServer server = new RedisServer();
                Connection patient = server.connect();
                Connection impatient = server.connect()) {
            server.pause();
            patient.sendCommand(Command.PING);
            impatient.setSoTimeout(50);
            assertThrows(JedisConnectionException.class, impatient::ping);
            server.resume();
            assertEquals("PONG", patient.getStatusCodeReply());
        }
    }

    @Test
    public void server_pausedAndClosed_leavesNothing() {
        RedisServer server = new RedisServer();
        server.pause();
        server.close();
        assertFalse(server.isRunning());
    }

    @Test
    public void serverWithPassword_rejectsOthers() {
        try (RedisServer server = new RedisServer("requirepass secret")) {
            assertEquals("PONG", server.text("PING"));
            assertTrue(rejection(server, client(), "PING").startsWith("NOAUTH "));
            assertTrue(rejection(server, client().password("wrong"), "PING").startsWith("WRONGPASS "));
        }
    }

    @Test
    public void user_withLimitedPermissions_isRestricted() {
        try (RedisServer server = new RedisServer("user joe on >secret ~a* +incr")) {
            Builder joe = client().user("joe").password("secret");
            try (Connection connection = new Connection(server.address(), joe.build())) {
                assertEquals(1L, connection.executeCommand(new CommandArguments(Command.INCR).add("a")));
            }
            assertTrue(rejection(server, joe, "INCR", "b").startsWith("NOPERM "));
            assertTrue(rejection(server, joe, "GET", "a").startsWith("NOPERM "));
        }
    }

    @Test
    public void fullServer_rejectsWrites() {
        try (RedisServer server = new RedisServer("maxmemory 1")) {
            assertTrue(rejection(server, client(), "INCR", "a").startsWith("OOM "));
        }
    }

    @Test
    public void serverWithTls_requiresTrust() throws Exception {
        try (RedisServer server = RedisServer.withTls("requirepass secret");
                RedisServer other = RedisServer.withTls()) {
            assertEquals("PONG", server.text("PING"));
            Builder plain = client().password("secret");
            assertThrows(JedisConnectionException.class, () -> new Connection(server.address(), plain.build()));
            try (Socket untrusting = other.certificate().socketFactory().createSocket("127.0.0.1", server.port)) {
                assertThrows(
                        SSLHandshakeException.class,
                        () -> untrusting.getOutputStream().write('\n'));
            }
        }
    }

    @Test
    public void virtualMachine_killed_leavesNothing() throws Exception {
        Process machine = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName())
                .redirectError(Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(machine.getInputStream(), StandardCharsets.UTF_8))) {
            ProcessHandle server =
                    ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
            Path folder = Path.of(output.readLine());
            assertTrue(server.isAlive() && Files.exists(folder));
            machine.destroyForcibly();
            await().atMost(30, TimeUnit.SECONDS).until(() -> !server.isAlive() && !Files.exists(folder.getParent()));
        } finally {
            machine.destroyForcibly();
        }
    }

    /** Process that starts a server and waits. */
    public static final class Owner {

        private Owner() {}

        public static void main(String[] arguments) throws Exception {
            RedisServer server = new RedisServer(RedisServer.DURABLE);
            System.out.println(server.processId());
            System.out.println(server.folder);
            System.in.read();
        }
    }
}
