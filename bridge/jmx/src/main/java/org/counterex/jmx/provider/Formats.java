package org.counterex.jmx.provider;

import java.util.function.Supplier;
import javax.management.JMException;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;
import org.counterex.api.admin.RouteDTO;

/** One-line text forms of the registry's records, and the translation of its exceptions for remote clients. */
final class Formats {

    private Formats() {}

    /**
     * Returns the result of a call.
     *
     * @throws JMException if the call fails; remote clients can deserialize this class, but not a {@link
     *     CounterException}
     */
    static <R> R resultOf(Supplier<R> call) throws JMException {
        try {
            return call.get();
        } catch (CounterException | IllegalArgumentException e) {
            throw new JMException(e.getMessage());
        }
    }

    static String line(MoveDTO move) {
        return "namespace " + CounterNames.printable(move.namespace) + " " + move.outcome + ": from=" + move.from
                + " to=" + move.to + " cause=" + move.cause + " counters=" + move.counters + " sum=" + move.sum
                + " durationUs=" + move.durationUs + (move.reason.isEmpty() ? "" : " reason=" + move.reason);
    }

    static String line(BackendDTO backend) {
        long counters =
                backend.namespaces.values().stream().mapToLong(Long::longValue).sum();
        return CounterNames.backendLabel(backend.type, backend.name) + ": namespaces=" + backend.namespaces.size()
                + " counters=" + counters
                + " capacity=" + (backend.capacity == null ? "unbounded" : backend.capacity) + " retention="
                + backend.retention
                + " bundle=" + backend.bundle;
    }

    static String line(RouteDTO route) {
        return String.join(
                        ",",
                        route.namespaces.stream().map(CounterNames::printable).toList())
                + ": target=" + CounterNames.printable(route.target) + " ranking=" + route.ranking + " active="
                + route.active;
    }

    static String line(NamespaceDTO namespace) {
        return "namespace " + CounterNames.printable(namespace.namespace) + ": backend=" + namespace.backend
                + " targetBackend=" + namespace.targetBackend + " counters=" + namespace.counters + " reason="
                + namespace.reason;
    }
}
