package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
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
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A server for one test: a process that listens at 127.0.0.1 and keeps its data in a folder, both for as long as this is not
 * closed, however often it is stopped, killed and started again meanwhile. It answers when the constructor or {@link #start}
 * returns. For one thread at a time.
 */
final class RedisServer implements AutoCloseable {

    /** What makes a server write down each change before it acknowledges it. */
    static final List<String> DURABLE = List.of("appendonly yes", "appendfsync always");

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int TIMEOUT_MS = 10_000;

    final int port = Ports.free();
    final Path folder;

    private final Optional<Certificate> certificate;
    private final String password;
    private Process process;

    /**
     * A server that keeps nothing on the disk, unless told to.
     *
     * @param directives lines of its configuration, such as {@code requirepass secret}, {@code user joe on >pw ~* +@all},
     *     {@code maxmemory 2mb} or those of {@link #DURABLE}
     */
    RedisServer(String... directives) {
        this(false, List.of(directives));
    }

    RedisServer(List<String> directives) {
        this(false, directives);
    }

    /** A server that is reached by TLS only. */
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

    /** Starts it with the data it has, and awaits that it answers. */
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
        await("answer of the server")
                .atMost(DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(this::answers);
    }

    private boolean answers() {
        if (!isRunning()) {
            throw new IllegalStateException("server has ended: " + log());
        }
        try {
            call("PING");
            return true;
        } catch (JedisConnectionException e) {
            return false;
        } catch (JedisDataException e) {
            // Whoever is refused has been answered.
            return !e.getMessage().startsWith("LOADING");
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    long processId() {
        return process.pid();
    }

    /** Ends it in an orderly way. */
    void stop() {
        process.destroy();
        try {
            process.onExit().orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
        } finally {
            kill();
        }
    }

    /** Ends it as {@code kill -9} does, also while it is paused. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Holds it up: it is there and does nothing, until {@link #resume}. */
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

    /** A connection of the one who may do everything. */
    Connection connect() {
        DefaultJedisClientConfig.Builder login = DefaultJedisClientConfig.builder()
                .timeoutMillis(TIMEOUT_MS)
                .serverDefaultProtocol()
                .password(password);
        certificate.ifPresent(trusted -> login.ssl(true).sslSocketFactory(trusted.socketFactory()));
        return new Connection(address(), login.build());
    }

    /** What the server answers to a command, on a connection made for it. */
    Object call(String command, Object... arguments) {
        try (Connection connection = connect()) {
            return connection.executeCommand(
                    new CommandArguments(Protocol.Command.valueOf(command)).addObjects(arguments));
        }
    }

    /** The same where the answer is text. */
    String text(String command, Object... arguments) {
        return new String((byte[]) call(command, arguments), StandardCharsets.UTF_8);
    }

    /** What the server has written about itself. */
    String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Ends it at once, and deletes all it has. */
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
