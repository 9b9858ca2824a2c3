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

/** What is looked at, and what is not well. */
final class Checks {

    private static final String PARKING = "parking";

    /** Reading a counter, present or not, shows whether its backend answers. */
    private static final String ANY_KEY = "health";

    private static final Set<MoveDTO.Outcome> NOT_DONE =
            Set.of(MoveDTO.Outcome.REFUSED, MoveDTO.Outcome.UNDONE, MoveDTO.Outcome.ABANDONED);

    private static final int FEW_MOVES = 128;

    private Checks() {}

    /** Namespaces whose counters are parked: callers go on, but a crash would take these counts. */
    static Result noBackend(List<NamespaceDTO> namespaces) {
        ResultCollector findings = new ResultCollector();
        for (NamespaceDTO namespace : namespaces) {
            if (namespace.backend.equals(PARKING)) {
                findings.add(
                        Result.Status.WARN,
                        "namespace " + CounterNames.printable(namespace.namespace)
                                + " has no backend, its counters are parked: counters=" + namespace.counters
                                + " reason=" + namespace.reason);
            }
        }
        return findings.result("every namespace has a backend: namespaces=" + namespaces.size());
    }

    /** Reports the moves of the last minutes that were not done, without a copy of the whole record where few are recent. */
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

    /** Namespaces whose last move was not done, as long as that is not too long ago. */
    static Result refusedMoves(List<MoveDTO> moves, long nowMs, long minutes) {
        Map<String, MoveDTO> last = new HashMap<>();
        for (MoveDTO move : moves) {
            last.put(move.namespace, move);
        }
        ResultCollector findings = new ResultCollector();
        for (MoveDTO move : moves) {
            if (isRecent(move, nowMs, minutes) && NOT_DONE.contains(move.outcome) && last.get(move.namespace) == move) {
                findings.add(
                        Result.Status.WARN,
                        "namespace " + CounterNames.printable(move.namespace) + " was not moved: outcome="
                                + move.outcome + " from=" + move.from + " to=" + move.to + " reason=" + move.reason);
            }
        }
        return findings.result("no move was refused: minutes=" + minutes);
    }

    /** Namespaces that have used more of the capacity of their backend than is wanted. */
    static Result capacity(List<BackendDTO> backends, int percent) {
        ResultCollector findings = new ResultCollector();
        for (BackendDTO backend : backends) {
            if (backend.capacity == null) {
                continue;
            }
            backend.namespaces.forEach((namespace, counters) -> {
                double used = backend.capacity == 0 ? 100 : 100.0 * counters / backend.capacity;
                if (used > percent) {
                    findings.add(
                            counters >= backend.capacity ? Result.Status.CRITICAL : Result.Status.WARN,
                            "namespace " + CounterNames.printable(namespace) + " is "
                                    + (counters >= backend.capacity ? "full" : "nearly full") + ": backend="
                                    + label(backend) + " counters=" + counters + " capacity=" + backend.capacity);
                }
            });
        }
        return findings.result("there is room: backends=" + backends.size());
    }

    /** What finds the counters of a namespace. */
    @FunctionalInterface
    interface Finder {
        CounterNamespace namespace(String name);
    }

    /** Backends that do not answer, or have left with what they keep: one read in each place where namespaces live. */
    static Result unavailable(List<NamespaceDTO> namespaces, List<BackendDTO> backends, Finder counters) {
        ResultCollector findings = new ResultCollector();
        for (BackendDTO backend : backends) {
            String problem = backend.details.get("problem");
            if (problem != null) {
                findings.add(
                        Result.Status.CRITICAL,
                        "backend " + label(backend) + " does not tell of itself: reason=" + problem);
            }
        }
        Set<String> asked = new HashSet<>();
        for (NamespaceDTO namespace : namespaces) {
            if (!asked.add(namespace.backend)) {
                continue;
            }
            try {
                counters.namespace(namespace.namespace).get(ANY_KEY);
            } catch (BackendUnavailableException | NoBackendException e) {
                findings.add(
                        Result.Status.CRITICAL,
                        "backend is unavailable: backend=" + namespace.backend + " namespace="
                                + CounterNames.printable(namespace.namespace) + " reason=" + e.getMessage());
            }
        }
        return findings.result("every backend answers: backends=" + backends.size());
    }

    private static String label(BackendDTO backend) {
        return CounterNames.backendLabel(backend.type, backend.name);
    }
}
