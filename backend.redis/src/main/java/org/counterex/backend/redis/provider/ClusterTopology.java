package org.counterex.backend.redis.provider;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/**
 * Where the server is, or in a cluster which node has which slot, as far as is known. May be wrong at any time: nodes
 * themselves say where a slot has gone.
 */
final class ClusterTopology {

    private static final int SLOTS = 16384;

    private final List<HostAndPort> seeds;
    private final boolean cluster;
    final JedisClientConfig login;

    private volatile HostAndPort[] owners;

    /** Those that the cluster has told of last. */
    private Set<HostAndPort> members = new LinkedHashSet<>();

    /** Who was asked last; the next time others come first, as it may know less than they. */
    private HostAndPort asked;

    ClusterTopology(List<HostAndPort> seeds, boolean cluster, JedisClientConfig login) {
        this.seeds = List.copyOf(seeds);
        this.cluster = cluster;
        this.login = login;
    }

    boolean isCluster() {
        return cluster;
    }

    /** The node of a slot; null if it has to be asked for. */
    HostAndPort owner(int slot) {
        HostAndPort[] known = owners;
        if (!cluster) {
            return seeds.get(0);
        }
        return known == null ? null : known[slot];
    }

    /** A node has said that a slot is elsewhere. */
    synchronized void moved(int slot, HostAndPort owner) {
        HostAndPort[] next = owners == null ? new HostAndPort[SLOTS] : owners.clone();
        next[slot] = owner;
        owners = next;
    }

    /** A node does not answer, so another one may have its slots. */
    void doubt() {
        owners = null;
    }

    /** Whom to ask who has what: also when the first ones have gone, the others know. */
    synchronized List<HostAndPort> known() {
        Set<HostAndPort> nodes = new LinkedHashSet<>(seeds);
        nodes.addAll(members);
        if (asked != null) {
            nodes.remove(asked);
            nodes.add(asked);
        }
        return List.copyOf(nodes);
    }

    /**
     * Takes over what a node has answered to {@code CLUSTER SLOTS}.
     *
     * @param asked the node; one that does not know its own address leaves it out
     * @param ranges first slot, last slot, and the addresses of the master and of its replicas, for each range
     */
    synchronized void learn(HostAndPort asked, List<?> ranges) {
        HostAndPort[] next = new HostAndPort[SLOTS];
        Set<HostAndPort> told = new LinkedHashSet<>();
        for (Object item : ranges) {
            List<?> range = (List<?>) item;
            range.stream().skip(2).map(node -> address(asked, (List<?>) node)).forEach(told::add);
            HostAndPort owner = address(asked, (List<?>) range.get(2));
            for (int slot = ((Long) range.get(0)).intValue(); slot <= ((Long) range.get(1)).intValue(); slot++) {
                next[slot] = owner;
            }
        }
        owners = next;
        members = told;
        this.asked = asked;
    }

    private static HostAndPort address(HostAndPort asked, List<?> node) {
        String host = RedisClient.text(node.get(0));
        return new HostAndPort(
                host == null || host.isEmpty() ? asked.getHost() : host, ((Long) node.get(1)).intValue());
    }

    @Override
    public String toString() {
        return seeds.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
    }
}
