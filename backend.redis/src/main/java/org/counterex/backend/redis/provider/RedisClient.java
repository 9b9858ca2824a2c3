package org.counterex.backend.redis.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisClusterException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Connections, one to each node that is needed, for one thread at a time. Never repeats anything by itself but what the server has
 * answered that it did not do.
 *
 * <p>How a call fails tells what became of it: with {@link UnreachableException} nothing was sent, with {@link
 * JedisDataException} the server has refused it and done nothing, with {@link LostException} nobody knows.
 */
final class RedisClient {

    /** There is no connection: nothing was done. */
    static final class UnreachableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnreachableException(String problem) {
            super(problem);
        }
    }

    /** The connection was lost after something had been sent: it may have been done. */
    static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LostException(String problem) {
            super(problem);
        }
    }

    /** What the server answered to a batch: the number of the batch before, and an answer for each operation. */
    record Reply(long last, List<String> answers) {}

    private static final int REDIRECTIONS = 5;
    private static final byte[] SCRIPT = script();
    private static final byte[] SHA = sha(SCRIPT);
    private static final byte[] PAGE = bytes("1000");

    private final ClusterTopology nodes;
    private final Map<HostAndPort, Connection> connections = new ConcurrentHashMap<>();

    private volatile boolean closed;

    RedisClient(ClusterTopology nodes) {
        this.nodes = nodes;
    }

    private static byte[] script() {
        try (InputStream in = RedisClient.class.getResourceAsStream("batch.lua")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] sha(byte[] script) {
        try {
            return bytes(
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(script)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A bulk or status reply as text; null if it is none. */
    static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : (String) reply;
    }

    /**
     * Has a batch applied, or learns what came of it.
     *
     * @param ttlMs how long the server is to remember it
     */
    Reply apply(BatchQueue bucket, BatchQueue.Batch batch, long ttlMs) {
        List<?> reply;
        try {
            reply = (List<?>) routed(bucket.values, () -> evaluation(Command.EVALSHA, SHA, bucket, batch, ttlMs));
        } catch (JedisNoScriptException e) {
            reply = (List<?>) routed(bucket.values, () -> evaluation(Command.EVAL, SCRIPT, bucket, batch, ttlMs));
        }
        List<String> answers = new ArrayList<>();
        ((List<?>) reply.get(1)).forEach(answer -> answers.add(text(answer)));
        return new Reply((Long) reply.get(0), answers);
    }

    private static CommandArguments evaluation(
            Command command, byte[] script, BatchQueue bucket, BatchQueue.Batch batch, long ttlMs) {
        bucket.sending(batch);
        CommandArguments arguments = new CommandArguments(command)
                .add(script)
                .add(2)
                .key(bucket.values)
                .key(bucket.sessionKey())
                .add(batch.sequence)
                .add(ttlMs);
        for (Operation operation : batch.operations) {
            arguments
                    .add(operation.code())
                    .add(operation.key)
                    .add(operation.first)
                    .add(operation.second);
        }
        return arguments;
    }

    /** Shows every counter of a bucket that is there throughout; some that come or go meanwhile, and some twice. */
    void scan(BatchQueue bucket, BiConsumer<String, Long> action) {
        byte[] cursor = bytes("0");
        do {
            List<?> reply = (List<?>) routed(
                    bucket.values,
                    new CommandArguments(Command.HSCAN)
                            .key(bucket.values)
                            .add(cursor)
                            .add("COUNT")
                            .add(PAGE));
            cursor = (byte[]) reply.get(0);
            List<?> pairs = (List<?>) reply.get(1);
            for (int i = 0; i < pairs.size(); i += 2) {
                action.accept(text(pairs.get(i)), Long.valueOf(text(pairs.get(i + 1))));
            }
        } while (!text(cursor).equals("0"));
    }

    /** The number of counters of a bucket. */
    long size(BatchQueue bucket) {
        return (Long) routed(bucket.values, new CommandArguments(Command.HLEN).key(bucket.values));
    }

    /** Adds to a set. */
    void insert(byte[] set, String member) {
        routed(set, new CommandArguments(Command.SADD).key(set).add(member));
    }

    /** What is in a set. */
    List<String> members(byte[] set) {
        List<String> members = new ArrayList<>();
        ((Iterable<?>) routed(set, new CommandArguments(Command.SMEMBERS).key(set)))
                .forEach(member -> members.add(text(member)));
        return members;
    }

    /** Gives a key a value unless it has one; the value that it has. */
    String agree(byte[] key, String value) {
        routed(key, new CommandArguments(Command.SETNX).key(key).add(value));
        return text(routed(key, new CommandArguments(Command.GET).key(key)));
    }

    /** Sends a command, with which it does not matter whether it is done twice, to the node that has the key. */
    private Object routed(byte[] key, CommandArguments command) {
        return routed(key, () -> command);
    }

    /** Sends a command, which is asked for when there is a connection, to the node that has the key. */
    private Object routed(byte[] key, Supplier<CommandArguments> command) {
        int slot = nodes.isCluster() ? JedisClusterCRC16.getSlot(key) : 0;
        HostAndPort node = nodes.owner(slot);
        if (node == null) {
            node = learn(slot);
        }
        boolean asking = false;
        for (int i = 0; ; i++) {
            Connection connection = connection(node);
            try {
                if (asking) {
                    connection.executeCommand(new CommandArguments(Command.ASKING));
                }
                return connection.executeCommand(command.get());
            } catch (JedisMovedDataException e) {
                nodes.moved(e.getSlot(), e.getTargetNode());
                node = redirected(i, e.getTargetNode(), e);
                asking = false;
            } catch (JedisAskDataException e) {
                node = redirected(i, e.getTargetNode(), e);
                asking = true;
            } catch (JedisConnectionException e) {
                drop(node);
                nodes.doubt();
                throw new LostException("connection to " + node + " was lost (" + reason(e) + ")");
            } catch (JedisClusterException e) {
                nodes.doubt();
                throw e;
            }
        }
    }

    private static HostAndPort redirected(int times, HostAndPort target, JedisDataException reason) {
        if (times == REDIRECTIONS) {
            throw reason;
        }
        return target;
    }

    /** Asks one node after the other who has what, until one knows who has the slot. */
    private HostAndPort learn(int slot) {
        String problem = "no node is known";
        for (HostAndPort node : nodes.known()) {
            try {
                Object ranges = connection(node).executeCommand(new CommandArguments(Command.CLUSTER).add("SLOTS"));
                nodes.learn(node, (List<?>) ranges);
                HostAndPort owner = nodes.owner(slot);
                if (owner != null) {
                    return owner;
                }
                problem = node + ": no node has slot " + slot;
            } catch (UnreachableException e) {
                problem = e.getMessage();
            } catch (JedisConnectionException e) {
                drop(node);
                problem = node + ": " + reason(e);
            } catch (JedisDataException e) {
                problem = node + ": " + e.getMessage();
            }
        }
        throw new UnreachableException(problem);
    }

    private Connection connection(HostAndPort node) {
        Connection connection = connections.get(node);
        if (connection == null || connection.isBroken()) {
            drop(node);
            try {
                connection = new Connection(node, nodes.login);
            } catch (RuntimeException e) { // also what a server that is none lets the client stumble over
                nodes.doubt();
                throw new UnreachableException("cannot connect to " + node + " (" + reason(e) + ")");
            }
            connections.put(node, connection);
        }
        if (closed) {
            drop(node);
            throw new UnreachableException("the backend has stopped");
        }
        return connection;
    }

    /** Why it went wrong, in the words of whoever knows best. */
    private static String reason(Throwable failure) {
        Throwable first = failure;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String message = first.getMessage();
        return message == null || !(first instanceof RuntimeException) ? first.toString() : message;
    }

    private void drop(HostAndPort node) {
        Connection connection = connections.remove(node);
        if (connection != null) {
            disconnect(connection);
        }
    }

    /** From any thread: ends all, and what is under way as if the connection had been lost. */
    void cut() {
        closed = true;
        connections.values().forEach(RedisClient::disconnect);
    }

    private static void disconnect(Connection connection) {
        try {
            connection.forceDisconnect();
        } catch (IOException | RuntimeException e) {
            // It is broken already.
        }
    }
}
