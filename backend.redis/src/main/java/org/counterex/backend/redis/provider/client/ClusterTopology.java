package org.counterex.backend.redis.provider.client;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/**
 * Address of the server or, in a cluster, the last known owner of each slot. May be out of date at any time: a node
 * that does not own a slot redirects the client. Thread-safe.
 */
public final class ClusterTopology {

    private static final int SLOTS = 16384;

    /** How to connect and log in to every node. */
    public final JedisClientConfig clientConfig;

    private final List<HostAndPort> seeds;
    private final boolean cluster;

    /** Owner of each slot, null if it is not known; null as a whole after {@link #invalidate}. */
    private volatile HostAndPort[] owners;

    /** All nodes of the last reply to {@code CLUSTER SLOTS}. */
    private Set<HostAndPort> members = new LinkedHashSet<>();

    /** The node that sent that reply; queried last the next time, as it may know less than the others. */
    private HostAndPort source;

    public ClusterTopology(List<HostAndPort> seeds, boolean cluster, JedisClientConfig clientConfig) {
        this.seeds = List.copyOf(seeds);
        this.cluster = cluster;
        this.clientConfig = clientConfig;
    }

    public boolean isCluster() {
        return cluster;
    }

    /** Returns the node that owns a slot; null if it is not known. */
    HostAndPort owner(int slot) {
        HostAndPort[] known = owners;
        if (!cluster) {
            return seeds.get(0);
        }
        return known == null ? null : known[slot];
    }

    /** Records the new owner of a slot, as a node has redirected to it. */
    synchronized void moved(int slot, HostAndPort owner) {
        HostAndPort[] next = owners == null ? new HostAndPort[SLOTS] : owners.clone();
        next[slot] = owner;
        owners = next;
    }

    /** Discards the owners: a node does not respond, so that another one may own its slots by now. */
    void invalidate() {
        owners = null;
    }

    /**
     * Returns the nodes to query for the owners, in this order: the seeds, and all others known in case every seed is
     * gone.
     */
    synchronized List<HostAndPort> candidates() {
        Set<HostAndPort> nodes = new LinkedHashSet<>(seeds);
        nodes.addAll(members);
        if (source != null) {
            nodes.remove(source);
            nodes.add(source);
        }
        return List.copyOf(nodes);
    }

    /**
     * Replaces the owners by the reply of a node to {@code CLUSTER SLOTS}.
     *
     * @param node the node; one that does not know its own address leaves it out
     * @param ranges first slot, last slot, and the addresses of the master and of its replicas, for each range
     */
    synchronized void update(HostAndPort node, List<?> ranges) {
        HostAndPort[] next = new HostAndPort[SLOTS];
        Set<HostAndPort> all = new LinkedHashSet<>();
        for (Object item : ranges) {
            List<?> range = (List<?>) item;
            range.stream().skip(2).map(entry -> address(node, (List<?>) entry)).forEach(all::add);
            HostAndPort owner = address(node, (List<?>) range.get(2));
            for (int slot = ((Long) range.get(0)).intValue(); slot <= ((Long) range.get(1)).intValue(); slot++) {
                next[slot] = owner;
            }
        }
        owners = next;
        members = all;
        source = node;
    }

    private static HostAndPort address(HostAndPort source, List<?> entry) {
        String host = RedisClient.text(entry.get(0));
        return new HostAndPort(
                host == null || host.isEmpty() ? source.getHost() : host, ((Long) entry.get(1)).intValue());
    }

    @Override
    public String toString() {
        return seeds.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
    }
}
