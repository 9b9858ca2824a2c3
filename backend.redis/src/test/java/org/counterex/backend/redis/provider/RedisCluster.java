package org.counterex.backend.redis.provider;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.HostAndPort;

/**
 * Cluster of three masters, each with a replica, that share the slots evenly. Methods that change it return when all
 * running servers have the same view of it. For one thread at a time.
 */
final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;
    private static final int MASTERS = 3;
    private static final int MIGRATION_TIMEOUT_MS = 10_000;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** Fast detection of failures, and fast replication. */
    private static final List<String> NODE = List.of(
            "cluster-enabled yes", "cluster-node-timeout 1000", "repl-diskless-sync yes", "repl-diskless-sync-delay 0");

    /**
     * For about this time a server counts the votes of its last election: a replica that takes over again before that
     * considers itself elected at once, with an epoch that the others reject, and its writes in the meantime are lost.
     */
    private static final Duration ELECTION = Duration.ofSeconds(5);

    private final List<RedisServer> servers = new ArrayList<>();
    private final Map<RedisServer, Long> elected = new HashMap<>();

    /** @param directives additional configuration lines of every server */
    RedisCluster(String... directives) {
        List<String> all = Stream.concat(NODE.stream(), Stream.of(directives)).toList();
        try {
            for (int i = 0; i < 2 * MASTERS; i++) {
                servers.add(new RedisServer(all));
            }
            form();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void form() {
        for (int i = 0; i < servers.size(); i++) {
            servers.get(i).call("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
        }
        for (int i = 0; i < MASTERS; i++) {
            Stream<String> slots = IntStream.range(i * SLOTS / MASTERS, (i + 1) * SLOTS / MASTERS)
                    .mapToObj(Integer::toString);
            servers.get(i)
                    .call("CLUSTER", Stream.concat(Stream.of("ADDSLOTS"), slots).toArray());
        }
        for (RedisServer server : servers.subList(1, servers.size())) {
            servers.get(0).call("CLUSTER", "MEET", "127.0.0.1", server.port);
        }
        until(
                "servers know each other",
                () -> running().allMatch(server -> {
                    List<Node> nodes = nodes(server);
                    return nodes.size() == servers.size() && nodes.stream().noneMatch(node -> node.is("handshake"));
                }));
        for (int i = 0; i < MASTERS; i++) {
            servers.get(MASTERS + i).call("CLUSTER", "REPLICATE", id(servers.get(i)));
        }
        awaitWhole();
    }

    /** Waits until every running server serves, every replica is up to date, and all have the same view. */
    void awaitWhole() {
        until(
                "cluster is whole",
                () -> running().allMatch(RedisCluster::isHealthy)
                        && running().map(RedisCluster::view).distinct().count() == 1);
    }

    private static boolean isHealthy(RedisServer server) {
        String replication = server.text("INFO", "replication");
        return server.text("CLUSTER", "INFO").contains("cluster_state:ok")
                && (replication.contains("role:master") || replication.contains("master_link_status:up"));
    }

    private static void until(String what, Callable<Boolean> condition) {
        await(what)
                .atMost(DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }

    /** Returns the addresses of all servers. */
    Set<HostAndPort> addresses() {
        Set<HostAndPort> addresses = new HashSet<>();
        servers.forEach(server -> addresses.add(server.address()));
        return addresses;
    }

    List<RedisServer> masters() {
        return running().filter(server -> myself(server).is("master")).toList();
    }

    /** Returns the master that owns a slot. */
    RedisServer owner(int slot) {
        return first(server -> myself(server).is("master") && myself(server).holds(slot));
    }

    /** Returns the replica of a master as soon as it can be elected. */
    private RedisServer candidate(RedisServer master) {
        String id = id(master);
        RedisServer replica = first(server -> myself(server).master.equals(id));
        Long last = elected.get(replica);
        if (last != null) {
            until("last election is over", () -> System.nanoTime() - last > ELECTION.toNanos());
        }
        return replica;
    }

    /** Promotes the replica of a master by a planned failover, which loses nothing, and returns it. */
    RedisServer failover(RedisServer master) {
        RedisServer replica = candidate(master);
        replica.call("CLUSTER", "FAILOVER");
        return awaitMaster(replica);
    }

    /** Kills a master, waits until its replica is promoted, and returns that. */
    RedisServer kill(RedisServer master) {
        RedisServer replica = candidate(master);
        master.kill();
        return awaitMaster(replica);
    }

    /** Returns the replica of a master as soon as it can be elected. */
    RedisServer replica(RedisServer master) {
        return candidate(master);
    }

    /** Resumes a paused replica whose master was killed, and waits until it is promoted. */
    void resumeAsMaster(RedisServer replica) {
        replica.resume();
        awaitMaster(replica);
    }

    /** Starts a server that was killed; it becomes a replica of its successor. */
    void restart(RedisServer server) {
        server.start();
        awaitWhole();
    }

    private RedisServer awaitMaster(RedisServer server) {
        until("server has become a master", () -> myself(server).is("master"));
        elected.put(server, System.nanoTime());
        awaitWhole();
        return server;
    }

    /**
     * Migrates a slot from one master to another, key by key, so that meanwhile the keys of one batch may be on both.
     */
    void reshard(int slot, RedisServer from, RedisServer to) {
        beginResharding(slot, from, to);
        boolean more = true;
        while (more) {
            more = migrateKey(slot, from, to);
        }
        finishResharding(slot, from, to);
    }

    /** Lets the source redirect clients to the target for keys that it does not have, and create none. */
    void beginResharding(int slot, RedisServer from, RedisServer to) {
        to.call("CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
        from.call("CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
    }

    /** Migrates one key; returns false if there is none. */
    boolean migrateKey(int slot, RedisServer from, RedisServer to) {
        List<?> keys = (List<?>) from.call("CLUSTER", "GETKEYSINSLOT", slot, 1);
        if (keys.isEmpty()) {
            return false;
        }
        from.call("MIGRATE", "127.0.0.1", to.port, keys.get(0), 0, MIGRATION_TIMEOUT_MS);
        return true;
    }

    /** Assigns the slot, at the target first: otherwise the two could redirect clients to each other. */
    void finishResharding(int slot, RedisServer from, RedisServer to) {
        String target = id(to);
        to.call("CLUSTER", "SETSLOT", slot, "NODE", target);
        from.call("CLUSTER", "SETSLOT", slot, "NODE", target);
        masters().forEach(master -> master.call("CLUSTER", "SETSLOT", slot, "NODE", target));
        awaitWhole();
    }

    private Stream<RedisServer> running() {
        return servers.stream().filter(RedisServer::isRunning);
    }

    private RedisServer first(Predicate<RedisServer> condition) {
        return running().filter(condition).findFirst().orElseThrow();
    }

    private static String id(RedisServer server) {
        return server.text("CLUSTER", "MYID");
    }

    private static Node myself(RedisServer server) {
        return nodes(server).stream()
                .filter(node -> node.is("myself"))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the nodes of the cluster as a server sees them. */
    private static List<Node> nodes(RedisServer server) {
        return server.text("CLUSTER", "NODES").lines().map(Node::of).toList();
    }

    /** Returns the same in a form that is equal for servers with the same view. */
    private static Set<Node> view(RedisServer server) {
        Set<Node> view = new HashSet<>();
        nodes(server).forEach(node -> view.add(node.seenByOthers()));
        return view;
    }

    @Override
    public void close() {
        servers.forEach(RedisServer::close);
    }

    /** One line of {@code CLUSTER NODES}; {@code master} is "-" for a master. */
    private record Node(String id, Set<String> flags, String master, List<String> slots) {

        static Node of(String line) {
            String[] words = line.split(" ");
            // A slot in brackets is being migrated from or to this node.
            List<String> slots = Stream.of(words)
                    .skip(8)
                    .filter(range -> !range.startsWith("["))
                    .toList();
            return new Node(words[0], Set.of(words[2].split(",")), words[3], slots);
        }

        boolean is(String flag) {
            return flags.contains(flag);
        }

        boolean holds(int slot) {
            return slots.stream().map(range -> range.split("-")).anyMatch(range -> {
                int first = Integer.parseInt(range[0]);
                int last = Integer.parseInt(range[range.length - 1]);
                return first <= slot && slot <= last;
            });
        }

        Node seenByOthers() {
            Set<String> others = new HashSet<>(flags);
            others.remove("myself");
            return new Node(id, others, master, slots);
        }
    }
}
