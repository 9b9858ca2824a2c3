package org.counterex.bench.scale;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.embedded.RedisServer;

/** Redis server in a process of its own, with access to its statistics. */
final class Server implements AutoCloseable {

    private static final String SCRIPT = "/org/counterex/backend/redis/provider/batch/batch.lua";

    final int port;
    private final RedisServer server;
    private final Connection connection;
    private final byte[] sha;

    Server() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        server = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        connection = connect();
        try (InputStream script = Server.class.getResourceAsStream(SCRIPT)) {
            sha = (byte[]) connection.executeCommand(
                    new CommandArguments(Command.SCRIPT).add("LOAD").add(script.readAllBytes()));
        }
    }

    /** Opens another connection. */
    Connection connect() {
        Connection made = new Connection(new HostAndPort("127.0.0.1", port));
        made.ping();
        return made;
    }

    /** Applies a batch of additions with the script of the backend, on consecutive counters from {@code first} on. */
    void apply(String tag, String session, long sequence, int first, int operations, int keys) {
        CommandArguments batch = new CommandArguments(Command.EVALSHA)
                .add(sha)
                .add(2)
                .key("{" + tag + "}v")
                .key("{" + tag + "}s" + session)
                .add(sequence)
                .add(86_400_000);
        for (int i = 0; i < operations; i++) {
            batch.add("add")
                    .add(KeyDistribution.name((first + i) % keys))
                    .add("1")
                    .add("0");
        }
        connection.executeCommand(batch);
    }

    /** Returns the processor time that the server has used, in nanoseconds. */
    double processorNs() {
        Map<String, String> info = info("cpu");
        return 1e9 * (Double.parseDouble(info.get("used_cpu_sys")) + Double.parseDouble(info.get("used_cpu_user")));
    }

    /** Returns the number of applied batches, and the total nanoseconds of the script. */
    long[] batches() {
        String line = info("commandstats").getOrDefault("cmdstat_evalsha", "calls=0,usec=0");
        String[] fields = line.split("[=,]");
        return new long[] {Long.parseLong(fields[1]), 1_000 * Long.parseLong(fields[3])};
    }

    long usedMemory() {
        return Long.parseLong(info("memory").get("used_memory"));
    }

    int clients() {
        return Integer.parseInt(info("clients").get("connected_clients"));
    }

    String version() {
        return info("server").get("redis_version");
    }

    /** Returns the bytes of a key with its value. */
    long memoryOf(String key) {
        return (Long) connection.executeCommand(new CommandArguments(Command.MEMORY)
                .add("USAGE")
                .key(key)
                .add("SAMPLES")
                .add(0));
    }

    /** Returns the number of counters in a hash. */
    long size(String key) {
        return (Long) connection.executeCommand(new CommandArguments(Command.HLEN).key(key));
    }

    /** Returns the number of keys that match a pattern. */
    int keys(String pattern) {
        return ((List<?>) connection.executeCommand(new CommandArguments(Command.KEYS).add(pattern))).size();
    }

    void clear() {
        connection.executeCommand(new CommandArguments(Command.FLUSHALL));
    }

    private Map<String, String> info(String section) {
        Map<String, String> info = new TreeMap<>();
        String text = new String((byte[]) connection.executeCommand(new CommandArguments(Command.INFO).add(section)));
        for (String line : text.split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                info.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return info;
    }

    @Override
    public void close() throws IOException {
        connection.close();
        server.stop();
    }
}
