package org.counterex.health.provider;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.felix.hc.api.Result;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.api.NoBackendException;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;

/** The conditions that the health checks test, as functions of what the registry reports. */
final class Checks {

    private static final String PARKING = "parking";

    /** A read of any key, present or absent, shows whether the backend responds. */
    private static final String PROBED_KEY = "health";

    private static final Set<MoveDTO.Outcome> NOT_DONE =
            Set.of(MoveDTO.Outcome.REFUSED, MoveDTO.Outcome.UNDONE, MoveDTO.Outcome.ABANDONED);

    /** Number of records that are read first; doubled until they reach back far enough. */
    private static final int FEW_MOVES = 128;

    private Checks() {}

    /** Reports the namespaces whose counters are parked: calls still succeed, but a crash would lose these counts. */
    static Result noBackend(List<NamespaceDTO> namespaces) {
        ResultCollector results = new ResultCollector();
        for (NamespaceDTO namespace : namespaces) {
            if (namespace.backend.equals(PARKING)) {
                results.add(
                        Result.Status.WARN,
                        "namespace " + CounterNames.printable(namespace.namespace)
                                + " has no backend, counters are parked: counters=" + namespace.counters
                                + " reason=" + namespace.reason);
            }
        }
        return results.result("every namespace has a backend: namespaces=" + namespaces.size());
    }

    /** As the other, but copies only as much of the move log as is recent. */
    static Result refusedMoves(BackendRegistry registry, long nowMs, long minutes) {
        for (int limit = FEW_MOVES; ; limit *= 2) {
            List<MoveDTO> moves = registry.moves(0, limit);
            if (moves.size() < limit || !isRecent(moves.get(0), nowMs, minutes)) {
                return refusedMoves(moves, nowMs, minutes);
            }
        }
    }

    private static boolean isRecent(MoveDTO move, long nowMs, long minutes) {
        return nowMs - move.time <= TimeUnit.MINUTES.toMillis(minutes);
    }

    /** Reports the namespaces whose last move was not done, if it was recorded within the given number of minutes. */
    static Result refusedMoves(List<MoveDTO> moves, long nowMs, long minutes) {
        Map<String, MoveDTO> last = new HashMap<>();
        for (MoveDTO move : moves) {
            last.put(move.namespace, move);
        }
        ResultCollector results = new ResultCollector();
        for (MoveDTO move : moves) {
            if (isRecent(move, nowMs, minutes) && NOT_DONE.contains(move.outcome) && last.get(move.namespace) == move) {
                results.add(
                        Result.Status.WARN,
                        "namespace " + CounterNames.printable(move.namespace) + " was not moved: outcome="
                                + move.outcome + " from=" + move.from + " to=" + move.to + " reason=" + move.reason);
            }
        }
        return results.result("no move was refused: minutes=" + minutes);
    }

    /** Reports the namespaces that use more than a percentage of the capacity of their backend. */
    static Result capacity(List<BackendDTO> backends, int percent) {
        ResultCollector results = new ResultCollector();
        for (BackendDTO backend : backends) {
            if (backend.capacity == null) {
                continue;
            }
            backend.namespaces.forEach((namespace, counters) -> {
                double used = backend.capacity == 0 ? 100 : 100.0 * counters / backend.capacity;
                if (used > percent) {
                    results.add(
                            counters >= backend.capacity ? Result.Status.CRITICAL : Result.Status.WARN,
                            "namespace " + CounterNames.printable(namespace) + " is "
                                    + (counters >= backend.capacity ? "full" : "nearly full") + ": backend="
                                    + label(backend) + " counters=" + counters + " capacity=" + backend.capacity);
                }
            });
        }
        return results.result("capacity is sufficient: backends=" + backends.size());
    }

    /** Source of the counters of a namespace. */
    @FunctionalInterface
    interface Finder {
        CounterNamespace namespace(String name);
    }

    /** Reports the backends that do not respond or are detached. Reads one counter of one namespace on each backend. */
    static Result unavailable(List<NamespaceDTO> namespaces, List<BackendDTO> backends, Finder counters) {
        ResultCollector results = new ResultCollector();
        for (BackendDTO backend : backends) {
            String problem = backend.details.get("problem");
            if (problem != null) {
                results.add(
                        Result.Status.CRITICAL,
                        "backend information is unavailable: backend=" + label(backend) + " reason=" + problem);
            }
        }
        Set<String> probed = new HashSet<>();
        for (NamespaceDTO namespace : namespaces) {
            if (!probed.add(namespace.backend)) {
                continue;
            }
            try {
                counters.namespace(namespace.namespace).get(PROBED_KEY);
            } catch (BackendUnavailableException | NoBackendException e) {
                results.add(
                        Result.Status.CRITICAL,
                        "backend is unavailable: backend=" + namespace.backend + " namespace="
                                + CounterNames.printable(namespace.namespace) + " reason=" + e.getMessage());
            }
        }
        return results.result("every backend responds: backends=" + backends.size());
    }

    private static String label(BackendDTO backend) {
        return CounterNames.backendLabel(backend.type, backend.name);
    }
}
