package org.counterex.backend.redis.provider.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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
 * Client with one connection to each node that it needs, for one thread at a time. Retries a command only if the server
 * has replied that it did not execute it.
 *
 * <p>The type of a failure shows its effect: with {@link UnreachableException} nothing was sent, with {@link
 * JedisDataException} the server has rejected the command and done nothing, with {@link LostException} the outcome is
 * unknown.
 */
public final class RedisClient {

    /** Thrown if there is no connection: nothing was done. */
    public static final class UnreachableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public UnreachableException(String problem) {
            super(problem);
        }
    }

    /** Thrown if the connection was lost after something had been sent: the command may have been executed. */
    public static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LostException(String problem) {
            super(problem);
        }
    }

    private static final int MAX_REDIRECTIONS = 5;
    private static final byte[] SCAN_COUNT = bytes("1000");

    private final ClusterTopology topology;
    private final Map<HostAndPort, Connection> connections = new ConcurrentHashMap<>();

    private volatile boolean closed;

    RedisClient(ClusterTopology topology) {
        this.topology = topology;
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a bulk or status reply as text; null if the reply is null. */
    public static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : (String) reply;
    }

    /**
     * Evaluates a script, by its digest if the server has cached it.
     *
     * @param key selects the node
     * @param arguments adds the arguments to the command; called for each attempt, after there is a connection
     */
    public Object evaluate(Script script, byte[] key, Consumer<CommandArguments> arguments) {
        try {
            return execute(key, () -> evaluation(Command.EVALSHA, script.sha, arguments));
        } catch (JedisNoScriptException e) {
            return execute(key, () -> evaluation(Command.EVAL, script.source, arguments));
        }
    }

    private static CommandArguments evaluation(Command command, byte[] script, Consumer<CommandArguments> arguments) {
        CommandArguments evaluation = new CommandArguments(command).add(script);
        arguments.accept(evaluation);
        return evaluation;
    }

    /**
     * Passes on every counter of a hash that exists throughout; some that are created or deleted meanwhile, and some
     * twice.
     */
    public void scan(byte[] hash, BiConsumer<String, Long> action) {
        byte[] cursor = bytes("0");
        do {
            List<?> reply = (List<?>) execute(
                    hash,
                    new CommandArguments(Command.HSCAN)
                            .key(hash)
                            .add(cursor)
                            .add("COUNT")
                            .add(SCAN_COUNT));
            cursor = (byte[]) reply.get(0);
            List<?> pairs = (List<?>) reply.get(1);
            for (int i = 0; i < pairs.size(); i += 2) {
                action.accept(text(pairs.get(i)), Long.valueOf(text(pairs.get(i + 1))));
            }
        } while (!text(cursor).equals("0"));
    }

    /** Returns the number of counters of a hash. */
    public long size(byte[] hash) {
        return (Long) execute(hash, new CommandArguments(Command.HLEN).key(hash));
    }

    public void addToSet(byte[] set, String member) {
        execute(set, new CommandArguments(Command.SADD).key(set).add(member));
    }

    public List<String> members(byte[] set) {
        List<String> members = new ArrayList<>();
        ((Iterable<?>) execute(set, new CommandArguments(Command.SMEMBERS).key(set)))
                .forEach(member -> members.add(text(member)));
        return members;
    }

    /** Sets a key that has no value, and returns the value that it has then. */
    public String setIfAbsent(byte[] key, String value) {
        execute(key, new CommandArguments(Command.SETNX).key(key).add(value));
        return text(execute(key, new CommandArguments(Command.GET).key(key)));
    }

    /** Sends an idempotent command to the node that owns the key. */
    private Object execute(byte[] key, CommandArguments command) {
        return execute(key, () -> command);
    }

    /**
     * Sends a command to the node that owns the key; the supplier is called for each attempt, after there is a
     * connection.
     */
    private Object execute(byte[] key, Supplier<CommandArguments> command) {
        int slot = topology.isCluster() ? JedisClusterCRC16.getSlot(key) : 0;
        HostAndPort node = topology.owner(slot);
        if (node == null) {
            node = discoverOwner(slot);
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
                topology.moved(e.getSlot(), e.getTargetNode());
                node = redirected(i, e.getTargetNode(), e);
                asking = false;
            } catch (JedisAskDataException e) {
                node = redirected(i, e.getTargetNode(), e);
                asking = true;
            } catch (JedisConnectionException e) {
                discard(node);
                topology.invalidate();
                throw new LostException("connection lost: node=" + node + " problem=" + rootMessage(e));
            } catch (JedisClusterException e) {
                topology.invalidate();
                throw e;
            }
        }
    }

    private static HostAndPort redirected(int times, HostAndPort target, JedisDataException reason) {
        if (times == MAX_REDIRECTIONS) {
            throw reason;
        }
        return target;
    }

    /** Queries one node after the other for the owners, until the owner of the slot is known. */
    private HostAndPort discoverOwner(int slot) {
        String problem = "no node is known";
        for (HostAndPort node : topology.candidates()) {
            try {
                Object ranges = connection(node).executeCommand(new CommandArguments(Command.CLUSTER).add("SLOTS"));
                topology.update(node, (List<?>) ranges);
                HostAndPort owner = topology.owner(slot);
                if (owner != null) {
                    return owner;
                }
                problem = "slot has no owner: node=" + node + " slot=" + slot;
            } catch (UnreachableException e) {
                problem = e.getMessage();
            } catch (JedisConnectionException e) {
                discard(node);
                problem = "connection lost: node=" + node + " problem=" + rootMessage(e);
            } catch (JedisDataException e) {
                problem = "server error: node=" + node + " problem=" + e.getMessage();
            }
        }
        throw new UnreachableException(problem);
    }

    private Connection connection(HostAndPort node) {
        Connection connection = connections.get(node);
        if (connection == null || connection.isBroken()) {
            discard(node);
            try {
                connection = new Connection(node, topology.clientConfig);
            } catch (RuntimeException e) { // of any type: the other side need not be a Redis server
                topology.invalidate();
                throw new UnreachableException("cannot connect: node=" + node + " problem=" + rootMessage(e));
            }
            connections.put(node, connection);
        }
        if (closed) {
            discard(node);
            throw new UnreachableException("backend is stopped");
        }
        return connection;
    }

    /** Returns the message of the first cause, with its type if the message alone does not say enough. */
    private static String rootMessage(Throwable failure) {
        Throwable first = failure;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String message = first.getMessage();
        return message == null || !(first instanceof RuntimeException) ? first.toString() : message;
    }

    private void discard(HostAndPort node) {
        Connection connection = connections.remove(node);
        if (connection != null) {
            disconnect(connection);
        }
    }

    /** Closes all connections, from any thread; a command in progress fails as if its connection had been lost. */
    void close() {
        closed = true;
        connections.values().forEach(RedisClient::disconnect);
    }

    private static void disconnect(Connection connection) {
        try {
            connection.forceDisconnect();
        } catch (IOException | RuntimeException e) {
            // The connection is broken already.
        }
    }
}
