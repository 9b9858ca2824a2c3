package org.counterex.backend.redis.provider;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterNames;
import org.counterex.api.backend.BackendInfo;
import org.counterex.backend.redis.provider.batch.BatchQueue;
import org.counterex.backend.redis.provider.batch.Health;
import org.counterex.backend.redis.provider.batch.ServerLayout;
import org.counterex.backend.redis.provider.buffer.BufferedNamespace;
import org.counterex.backend.redis.provider.client.RedisClient;

/** Facts about one backend for operators: the sizes of all namespaces on the server, and its own state. */
final class BackendDetails {

    private final String name;
    private final RedisSettings settings;
    private final Health health;
    private final ServerLayout layout;
    private final CallCoordinator calls;
    private final Collection<BufferedNamespace> namespaces;
    private final Function<String, BufferedNamespace> lookUp;

    /**
     * @param namespaces a view of the namespaces that this process uses
     * @param lookUp returns the namespace of a name, which other processes may have created
     */
    BackendDetails(
            String name,
            RedisSettings settings,
            Health health,
            ServerLayout layout,
            CallCoordinator calls,
            Collection<BufferedNamespace> namespaces,
            Function<String, BufferedNamespace> lookUp) {
        this.name = name;
        this.settings = settings;
        this.health = health;
        this.layout = layout;
        this.calls = calls;
        this.namespaces = namespaces;
        this.lookUp = lookUp;
    }

    BackendInfo info() {
        Map<String, Long> sizes = new HashMap<>();
        if (health.problem() == null && !calls.isClosed()) {
            try {
                sizes.putAll(calls.query("", this::sizes));
            } catch (BackendUnavailableException e) {
                // The details show it.
            }
        }
        return BackendInfo.of(RedisBackend.TYPE, name, sizes).withDetails(details());
    }

    private Map<String, Long> sizes(RedisClient client) {
        Map<String, Long> sizes = new HashMap<>();
        for (String namespace : layout.namespaces(client)) {
            if (!CounterNames.isValid(namespace)) {
                continue; // the set may have been written to by other programs
            }
            long size = 0;
            for (BatchQueue queue : lookUp.apply(namespace).queues().queues()) {
                size += client.size(queue.valuesKey);
            }
            if (size > 0) {
                sizes.put(namespace, size);
            }
        }
        return sizes;
    }

    private Map<String, String> details() {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("server", settings.topology().toString());
        details.put("mode", settings.buffered() ? RedisConfig.BUFFERED : RedisConfig.EXACT);
        details.put("state", health.state());
        details.put("buckets", Integer.toString(settings.buckets()));
        details.put("keyPrefix", settings.prefix());
        details.put("operations", Long.toString(health.operations()));
        details.put("batches", Long.toString(health.batches()));
        details.put(
                "pending", Long.toString(queues().mapToInt(BatchQueue::pending).sum()));
        details.put(
                "uncertainBatches",
                Long.toString(queues().filter(BatchQueue::isUncertain).count()));
        details.put("appliedLate", Long.toString(health.appliedLate()));
        if (settings.buffered()) {
            details.put(
                    "buffered",
                    Integer.toString(namespaces.stream()
                            .mapToInt(namespace -> namespace.buffer().size())
                            .sum()));
        }
        if (health.problem() != null) {
            details.put("problem", health.problem());
        }
        putIfPositive(details, "lostByServer", health.lost());
        putIfPositive(details, "outcomeUnknown", health.outcomeUnknown());
        putIfPositive(
                details,
                "rejectedByServer",
                namespaces.stream()
                        .mapToInt(namespace -> namespace.queues().rejected.size())
                        .sum());
        return details;
    }

    private static void putIfPositive(Map<String, String> details, String key, long number) {
        if (number > 0) {
            details.put(key, Long.toString(number));
        }
    }

    private Stream<BatchQueue> queues() {
        return namespaces.stream()
                .flatMap(namespace -> Stream.of(namespace.queues().queues()));
    }
}
