package org.counterex.web.provider.json;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;
import org.counterex.api.admin.RouteDTO;
import org.counterex.support.json.JsonWriter;

/**
 * JSON form of counters, namespaces, backends, routes and moves. Counter values are strings, because JavaScript numbers
 * are not exact.
 */
public final class JsonMapper {

    private JsonMapper() {}

    /**
     * @param total null if not known
     * @param rate NaN if not known
     */
    public static JsonWriter.Part namespace(NamespaceDTO namespace, BigInteger total, double rate) {
        return json -> json.object(o -> o.name("namespace")
                .value(namespace.namespace)
                .name("counters")
                .number(namespace.counters)
                .name("total")
                .value(total == null ? null : total.toString())
                .name("rate")
                .number(rate)
                .name("backend")
                .value(namespace.backend)
                .name("targetBackend")
                .value(namespace.targetBackend)
                .name("reason")
                .value(namespace.reason)
                .name("moving")
                .flag(namespace.moving));
    }

    public static JsonWriter.Part backend(BackendDTO backend) {
        return json -> json.object(o -> {
            o.name("type").value(backend.type).name("name").value(backend.name);
            o.name("claims").array(claims -> backend.claims.forEach(claims::value));
            o.name("ranking").number(backend.ranking).name("serviceId").number(backend.serviceId);
            o.name("bundle").value(backend.bundle).name("retention").value(backend.retention.text());
            o.name("tables").flag(backend.tables);
            Map<String, Long> namespaces = new TreeMap<>(backend.namespaces);
            o.name("namespaces")
                    .object(n -> namespaces.forEach(
                            (namespace, counters) -> n.name(namespace).number(counters)));
            o.name("capacity").value(backend.capacity == null ? null : backend.capacity.toString());
            o.name("details")
                    .object(d -> new TreeMap<>(backend.details)
                            .forEach((key, value) -> d.name(key).value(value)));
            o.name("utilisation").object(u -> {
                if (backend.capacity != null && backend.capacity > 0) {
                    namespaces.forEach((namespace, counters) ->
                            u.name(namespace).number(Math.round(counters * 1000.0 / backend.capacity) / 10.0));
                }
            });
        });
    }

    public static JsonWriter.Part route(RouteDTO route) {
        return json -> json.object(o -> o.name("namespaces")
                .array(globs -> route.namespaces.forEach(globs::value))
                .name("target")
                .value(route.target)
                .name("ranking")
                .number(route.ranking)
                .name("active")
                .flag(route.active)
                .name("pid")
                .value(route.pid));
    }

    public static JsonWriter.Part moves(List<MoveDTO> moves) {
        return json -> json.object(o ->
                o.name("moves").array(a -> moves.forEach(move -> move(move).writeTo(a))));
    }

    public static JsonWriter.Part move(MoveDTO move) {
        return json -> json.object(o -> o.name("id")
                .number(move.id)
                .name("time")
                .number(move.time)
                .name("namespace")
                .value(move.namespace)
                .name("from")
                .value(move.from)
                .name("to")
                .value(move.to)
                .name("cause")
                .value(move.cause)
                .name("counters")
                .number(move.counters)
                .name("sum")
                .value(move.sum)
                .name("durationUs")
                .number(move.durationUs)
                .name("outcome")
                .value(move.outcome.text())
                .name("reason")
                .value(move.reason));
    }

    public static JsonWriter.Part counter(String namespace, String key, long value) {
        return json -> json.object(o -> o.name("namespace")
                .value(namespace)
                .name("key")
                .value(key)
                .name("value")
                .value(Long.toString(value)));
    }

    /** A counter within a list of counters of one namespace. */
    public static JsonWriter.Part item(String key, long value) {
        return json -> json.object(o -> o.name("key").value(key).name("value").value(Long.toString(value)));
    }
}
