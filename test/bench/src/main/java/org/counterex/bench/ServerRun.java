package org.counterex.bench;

import java.io.Writer;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.embedded.RedisServer;

/**
 * Measures the additions per second of {@code redis}, by mode and number of threads, compared with the same server and
 * client library alone: one command for each round trip, and many commands in one. It and the server are processes of
 * their own.
 */
public final class ServerRun {

    private static final long RUN_NS = 2_000_000_000L;
    private static final long WARM_UP_NS = 1_000_000_000L;
    private static final int KEYS = 1024;

    private static final String SINGLE = "the client library, one command for each round trip";
    private static final String EIGHT = "the client library, 8 commands for each round trip";
    private static final String SIXTY_FOUR = "the client library, 64 commands for each round trip";
    private static final String EXACT = "`redis`, exact, `inc`";
    private static final String BUFFERED = "`redis`, buffered, `Counter.add`";
    private static final String MEMORY = "`ets`, `Counter.add`";

    /** The rows of the record, in order of measurement. */
    static final List<Kind> KINDS = List.of(
            new Kind(SINGLE, 1),
            new Kind(SINGLE, 8),
            new Kind(EIGHT, 1),
            new Kind(SIXTY_FOUR, 1),
            new Kind(EXACT, 1),
            new Kind(EXACT, 8),
            new Kind(EXACT, 64),
            new Kind(BUFFERED, 1),
            new Kind(BUFFERED, 2),
            new Kind(MEMORY, 1),
            new Kind(MEMORY, 2));

    /** One row of the record. */
    record Kind(String what, int threads) {}

    /** Result of one row in one round. */
    record Line(String what, int threads, double additionsPerSecond) {}

    /** All results. */
    record Result(List<Line> lines) {}

    /** Work that one thread repeats until its time is over. */
    private interface Adding {
        /** Returns the number of additions made. */
        int add(int i);
    }

    private final int port;
    private final Bundles bundles;
    private final String[] names = new String[KEYS];
    private final CounterNamespace redis;
    private final Counter[] buffered = new Counter[KEYS];
    private final Counter[] ets = new Counter[KEYS];
    private String mode;

    private ServerRun(int port, Bundles bundles) throws Exception {
        this.port = port;
        this.bundles = bundles;
        this.redis = bundles.counters().namespace("redis");
        for (int i = 0; i < KEYS; i++) {
            names[i] = "counter-" + i;
            buffered[i] = redis.counter(names[i]);
            ets[i] = bundles.counters().namespace("ets").counter(names[i]);
        }
        configure("exact");
        bundles.registry().swap("ets", "ets");
    }

    /** Sets the mode. Another mode is another instance of the backend, to which the namespace is moved back. */
    private void configure(String wanted) throws Exception {
        if (wanted.equals(mode)) {
            return;
        }
        mode = wanted;
        bundles.configure(
                "redis",
                Map.of("uri", "redis://127.0.0.1:" + port, "mode", mode),
                dto -> "connected".equals(dto.details.get("state")) && mode.equals(dto.details.get("mode")));
        bundles.registry().swap("redis", "redis");
    }

    /** @param args the file to write, as JSON, and the number of rounds */
    public static void main(String[] args) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        RedisServer server = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        Result result = new Result(new ArrayList<>());
        try (Bundles bundles = new Bundles(KEYS)) {
            ServerRun run = new ServerRun(port, bundles);
            for (int round = 0; round < Integer.parseInt(args[1]); round++) {
                for (Kind kind : KINDS) {
                    if (round == 0) {
                        run.measure(kind, WARM_UP_NS);
                    }
                    result.lines.add(new Line(kind.what, kind.threads, run.measure(kind, RUN_NS)));
                }
            }
        } finally {
            server.stop();
        }
        try (Writer file = Files.newBufferedWriter(Path.of(args[0]))) {
            Results.GSON.toJson(result, file);
        }
    }

    private Adding adding(Kind kind) {
        return switch (kind.what) {
            case EXACT ->
                i -> {
                    redis.inc(names[i % KEYS]);
                    return 1;
                };
            case BUFFERED -> many(buffered);
            case MEMORY -> many(ets);
            case EIGHT -> pipelined(8);
            case SIXTY_FOUR -> pipelined(64);
            default -> single(new Connection(new HostAndPort("127.0.0.1", port)));
        };
    }

    /** Many additions in one step, so that reading the clock and summing up do not count. */
    private static Adding many(Counter[] counters) {
        return i -> {
            for (int k = 0; k < KEYS; k++) {
                counters[(i + k) % KEYS].add(1);
            }
            return KEYS;
        };
    }

    private CommandArguments addition(int i) {
        return new CommandArguments(Command.HINCRBY)
                .key("plain")
                .add(names[i % KEYS])
                .add(1);
    }

    private Adding single(Connection connection) {
        return i -> {
            connection.executeCommand(addition(i));
            return 1;
        };
    }

    private Adding pipelined(int commands) {
        Connection connection = new Connection(new HostAndPort("127.0.0.1", port));
        return i -> {
            for (int k = 0; k < commands; k++) {
                connection.sendCommand(addition(i + k));
            }
            return connection.getMany(commands).size();
        };
    }

    private double measure(Kind kind, long runNs) throws Exception {
        if (kind.what.equals(EXACT) || kind.what.equals(BUFFERED)) {
            configure(kind.what.equals(EXACT) ? "exact" : "buffered");
        }
        LongAdder done = new LongAdder();
        long begun = System.nanoTime();
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < kind.threads; t++) {
            int first = t * KEYS / kind.threads;
            Adding adding = adding(kind);
            Thread thread = new Thread(() -> {
                for (int i = first; System.nanoTime() - begun < runNs; ) {
                    int added = adding.add(i);
                    i += added;
                    done.add(added);
                }
            });
            thread.start();
            all.add(thread);
        }
        for (Thread thread : all) {
            thread.join();
        }
        return done.sum() * 1e9 / (System.nanoTime() - begun);
    }
}
