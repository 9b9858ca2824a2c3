package org.counterex.backend.redis.provider;

import java.util.ArrayList;
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
final class Nodes {

    private static final int SLOTS = 16384;

    private final List<HostAndPort> seeds;
    private final boolean cluster;
    final JedisClientConfig login;

    private volatile HostAndPort[] owners;

    Nodes(List<HostAndPort> seeds, boolean cluster, JedisClientConfig login) {
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

    /** Whom to ask who has what: every node that was ever heard of. */
    Set<HostAndPort> known() {
        Set<HostAndPort> nodes = new LinkedHashSet<>(seeds);
        HostAndPort[] known = owners;
        if (known != null) {
            for (HostAndPort node : known) {
                if (node != null) {
                    nodes.add(node);
                }
            }
        }
        return nodes;
    }

    /**
     * Takes over what a node has answered to {@code CLUSTER SLOTS}.
     *
     * @param asked the node; one that does not know its own address leaves it out
     * @param ranges first slot, last slot, and the master's address, for each range
     */
    void learn(HostAndPort asked, List<?> ranges) {
        HostAndPort[] next = new HostAndPort[SLOTS];
        for (Object item : ranges) {
            List<?> range = (List<?>) item;
            List<?> master = (List<?>) range.get(2);
            String host = Client.text(master.get(0));
            HostAndPort owner = new HostAndPort(
                    host == null || host.isEmpty() ? asked.getHost() : host, ((Long) master.get(1)).intValue());
            for (int slot = ((Long) range.get(0)).intValue(); slot <= ((Long) range.get(1)).intValue(); slot++) {
                next[slot] = owner;
            }
        }
        owners = next;
    }

    /** All masters. */
    List<HostAndPort> masters() {
        HostAndPort[] known = owners;
        if (known == null) {
            return cluster ? List.of() : seeds;
        }
        Set<HostAndPort> masters = new LinkedHashSet<>(List.of());
        for (HostAndPort node : known) {
            if (node != null) {
                masters.add(node);
            }
        }
        return new ArrayList<>(masters);
    }

    @Override
    public String toString() {
        return seeds.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
    }
}
