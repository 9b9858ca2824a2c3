package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Server process for one test, at a port of 127.0.0.1 and with a data folder that remain the same until it is closed,
 * however often it is stopped, killed and started again. It responds when the constructor or {@link #start} returns.
 * For one thread at a time.
 */
final class RedisServer implements AutoCloseable {

    /** Directives for a server that writes each change to disk before it acknowledges it. */
    static final List<String> DURABLE = List.of("appendonly yes", "appendfsync always");

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int TIMEOUT_MS = 10_000;

    final int port = Ports.free();
    final Path folder;

    private final Optional<Certificate> certificate;
    private final String password;
    private Process process;

    /**
     * Starts a server that does not persist its data, unless a directive says so.
     *
     * @param directives configuration lines, such as {@code requirepass secret}, {@code user joe on >pw ~* +@all},
     *     {@code maxmemory 2mb} or those of {@link #DURABLE}
     */
    RedisServer(String... directives) {
        this(false, List.of(directives));
    }

    RedisServer(List<String> directives) {
        this(false, directives);
    }

    /** Starts a server that accepts TLS connections only. */
    static RedisServer withTls(String... directives) {
        return new RedisServer(true, List.of(directives));
    }

    private RedisServer(boolean tls, List<String> directives) {
        password = directives.stream()
                .filter(directive -> directive.startsWith("requirepass "))
                .map(directive -> directive.substring("requirepass ".length()))
                .findFirst()
                .orElse(null);
        try {
            folder = Installation.newFolder();
            certificate = tls ? Optional.of(new Certificate(folder)) : Optional.empty();
            List<String> lines = new ArrayList<>(List.of("bind 127.0.0.1", "dir " + folder, "save \"\""));
            lines.addAll(
                    certificate.isEmpty()
                            ? List.of("port " + port)
                            : List.of(
                                    "port 0",
                                    "tls-port " + port,
                                    "tls-auth-clients no",
                                    "tls-key-file " + certificate.get().keyFile,
                                    "tls-cert-file " + certificate.get().certificateFile,
                                    "tls-ca-cert-file " + certificate.get().certificateFile));
            lines.addAll(directives);
            Files.write(configuration(), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Path configuration() {
        return folder.resolve("redis.conf");
    }

    /** Starts the server with its persisted data, and waits until it responds. */
    void start() {
        try {
            process = new ProcessBuilder(
                            Installation.program().toString(), configuration().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(folder.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("response of the server")
                .atMost(DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(this::responds);
    }

    private boolean responds() {
        if (!isRunning()) {
            throw new IllegalStateException("server has exited: " + log());
        }
        try {
            call("PING");
            return true;
        } catch (JedisConnectionException e) {
            return false;
        } catch (JedisDataException e) {
            // An error is a response.
            return !e.getMessage().startsWith("LOADING");
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    long processId() {
        return process.pid();
    }

    /** Stops the server in an orderly way. */
    void stop() {
        process.destroy();
        try {
            process.onExit().orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
        } finally {
            kill();
        }
    }

    /** Kills the server as {@code kill -9} does, also while it is paused. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Suspends the process until {@link #resume}. */
    void pause() {
        signal("STOP");
    }

    void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(processId())).start();
            if (kill.onExit().join().exitValue() != 0) {
                throw new IllegalStateException("signal was not sent: signal=" + signal);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HostAndPort address() {
        return new HostAndPort("127.0.0.1", port);
    }

    Certificate certificate() {
        return certificate.orElseThrow();
    }

    /** Opens a connection with all permissions. */
    Connection connect() {
        JedisClientConfig login = DefaultJedisClientConfig.builder()
                .timeoutMillis(TIMEOUT_MS)
                .serverDefaultProtocol()
                .password(password)
                .build();
        return certificate
                .map(trusted -> new Connection(() -> socket(trusted), login))
                .orElseGet(() -> new Connection(address(), login));
    }

    private Socket socket(Certificate trusted) {
        try {
            Socket socket = trusted.socketFactory().createSocket("127.0.0.1", port);
            socket.setSoTimeout(TIMEOUT_MS);
            return socket;
        } catch (IOException e) {
            throw new JedisConnectionException(e);
        }
    }

    /** Returns the reply to a command, sent on a new connection. */
    Object call(String command, Object... arguments) {
        try (Connection connection = connect()) {
            return connection.executeCommand(
                    new CommandArguments(Protocol.Command.valueOf(command)).addObjects(arguments));
        }
    }

    /** Returns the reply to a command as text. */
    String text(String command, Object... arguments) {
        return new String((byte[]) call(command, arguments), StandardCharsets.UTF_8);
    }

    /** Returns the log of the server. */
    String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Kills the server and deletes its folder. */
    @Override
    public void close() {
        if (process != null) {
            kill();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "127.0.0.1:" + port;
    }
}
