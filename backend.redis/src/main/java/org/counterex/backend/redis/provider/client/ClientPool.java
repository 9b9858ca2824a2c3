package org.counterex.backend.redis.provider.client;

import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Function;
import java.util.stream.Stream;

/** Fixed number of clients, of which the one that was used last is used next. Thread-safe. */
public final class ClientPool {

    private final List<RedisClient> clients;
    private final BlockingDeque<RedisClient> idle = new LinkedBlockingDeque<>();

    public ClientPool(ClusterTopology topology, int size) {
        clients = Stream.generate(() -> new RedisClient(topology)).limit(size).toList();
        idle.addAll(clients);
    }

    /** Returns an idle client, to be released by the caller; null if there is none. */
    public RedisClient tryAcquire() {
        return idle.pollFirst();
    }

    public void release(RedisClient client) {
        idle.addFirst(client);
    }

    /** Waits for an idle client and calls a function with it. */
    public <R> R call(Function<RedisClient, R> function) throws InterruptedException {
        RedisClient client = idle.takeFirst();
        try {
            return function.apply(client);
        } finally {
            release(client);
        }
    }

    /** Closes every client; commands in progress fail as if their connections had been lost. */
    public void close() {
        clients.forEach(RedisClient::close);
    }
}
