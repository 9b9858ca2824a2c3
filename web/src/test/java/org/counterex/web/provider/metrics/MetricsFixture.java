package org.counterex.web.provider.metrics;

import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;

/** Stub of the registry with arbitrary content. */
final class MetricsFixture {

    final Map<String, Map<String, Long>> values = new LinkedHashMap<>();
    final List<MoveDTO> moves = new ArrayList<>();
    final List<BackendDTO> backends = new ArrayList<>();

    MetricsFixture() {
        backends.add(backend("ets", "ets", null));
        backends.add(backend("atomics", "a\"\\\nb", 1000L));
    }

    static BackendDTO backend(String type, String name, Long capacity) {
        BackendDTO backend = new BackendDTO();
        backend.type = type;
        backend.name = name;
        backend.bundle = "org.counterex.backend." + type + " 0.1.0";
        backend.retention = BackendDTO.Retention.NONE;
        backend.namespaces = new TreeMap<>(Map.of("ns", 3L));
        backend.capacity = capacity;
        return backend;
    }

    MetricsFixture with(String namespace, String key, long value) {
        values.computeIfAbsent(namespace, absent -> new LinkedHashMap<>()).put(key, value);
        return this;
    }

    void moved(long id, MoveDTO.Outcome outcome, long counters, long durationUs) {
        MoveDTO move = new MoveDTO();
        move.id = id;
        move.outcome = outcome;
        move.counters = counters;
        move.durationUs = durationUs;
        moves.add(move);
    }

    Counters counters() {
        return proxy(Counters.class, Map.of("namespaces", args -> values.keySet(), "namespace", this::namespace));
    }

    private CounterNamespace namespace(Object[] args) {
        return proxy(CounterNamespace.class, Map.of("forEach", action -> {
            @SuppressWarnings("unchecked")
            ObjLongConsumer<String> consumer = (ObjLongConsumer<String>) action[0];
            values.get(args[0]).forEach(consumer::accept);
            return null;
        }));
    }

    BackendRegistry registry() {
        return proxy(
                BackendRegistry.class,
                Map.of(
                        "backends",
                        args -> backends,
                        "moves",
                        args -> moves.stream()
                                .filter(move -> move.id > (long) args[0])
                                .toList(),
                        "namespaces",
                        args -> values.entrySet().stream()
                                .map(entry -> {
                                    NamespaceDTO namespace = new NamespaceDTO();
                                    namespace.namespace = entry.getKey();
                                    namespace.counters = entry.getValue().size();
                                    namespace.backend = "ets/ets";
                                    return namespace;
                                })
                                .toList()));
    }

    private interface Answer {
        Object to(Object[] args);
    }

    private static <T> T proxy(Class<T> type, Map<String, Answer> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> answers.get(method.getName()).to(args)));
    }

    String scrape(OpenMetricsFormat format) {
        return scrape(format, MetricsFilter.ALL, Long.MAX_VALUE);
    }

    String scrape(OpenMetricsFormat format, MetricsFilter filter, long limit) {
        StringWriter out = new StringWriter();
        new OpenMetrics(format, out, filter, limit).write(counters(), registry(), new MetricsMoves(), "0.1.0");
        return out.toString();
    }
}
