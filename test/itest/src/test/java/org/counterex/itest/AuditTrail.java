package org.counterex.itest;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;

/** The moves that a registry has recorded since a point in time, with a check of their consistency. */
final class AuditTrail {

    /** The capacity of the registry's move log. */
    private static final int LOG_CAPACITY = 10_000;

    private final BackendRegistry registry;
    private final long before;

    /** Returns a trail that starts after the moves recorded so far. */
    static AuditTrail since(BackendRegistry registry) {
        List<MoveDTO> moves = registry.moves();
        return new AuditTrail(registry, moves.isEmpty() ? 0 : moves.get(moves.size() - 1).id);
    }

    /** Returns a trail that starts with the first recorded move. */
    static AuditTrail whole(BackendRegistry registry) {
        return new AuditTrail(registry, 0);
    }

    private AuditTrail(BackendRegistry registry, long before) {
        this.registry = registry;
        this.before = before;
    }

    /** Returns the moves, oldest first. */
    List<MoveDTO> moves() {
        return registry.moves().stream().filter(move -> move.id > before).toList();
    }

    List<MoveDTO> moves(String namespace) {
        return moves().stream().filter(move -> move.namespace.equals(namespace)).toList();
    }

    /** Waits until every namespace is on its target backend, or its move there was refused. */
    static void awaitSettled(BackendRegistry registry) {
        Await.until(() -> isSettled(registry), () -> registry.namespaces() + " after " + registry.moves());
    }

    /** Returns whether every namespace is on its target backend, or its move there was refused. */
    static boolean isSettled(BackendRegistry registry) {
        return registry.namespaces().stream().allMatch(namespace -> isSettled(namespace, registry));
    }

    private static boolean isSettled(NamespaceDTO namespace, BackendRegistry registry) {
        if (namespace.moving) {
            return false;
        }
        List<MoveDTO> moves = registry.moves().stream()
                .filter(move -> move.namespace.equals(namespace.namespace))
                .toList();
        boolean isThere = namespace.backend.equals(namespace.targetBackend);
        boolean isRefused = last(moves, move -> move.to.equals(namespace.targetBackend))
                .filter(move -> move.outcome == MoveDTO.Outcome.REFUSED)
                .isPresent();
        // A move is recorded after it is done, so the last record may still be missing.
        boolean isRecorded = last(moves, move -> move.outcome == MoveDTO.Outcome.MOVED)
                .map(move -> move.to.equals(namespace.backend))
                .orElse(true);
        return (isThere || isRefused) && isRecorded;
    }

    private static Optional<MoveDTO> last(List<MoveDTO> moves, Predicate<MoveDTO> condition) {
        return moves.stream().filter(condition).reduce((earlier, later) -> later);
    }

    /**
     * Verifies that every move was recorded and done, started where the previous one ended, and the last one ended
     * where the namespace is.
     *
     * @param quiet the content of the namespace {@code quiet}, which each of its moves must transfer
     * @param refusals the moves that may have been refused
     */
    void verify(Map<String, Long> quiet, Predicate<MoveDTO> refusals) {
        List<MoveDTO> moves = moves();
        MoveChain chain = new MoveChain(
                moves.size() == LOG_CAPACITY ? moves.get(0).id - 1 : before,
                quiet,
                move -> move.outcome == MoveDTO.Outcome.REFUSED && refusals.test(move));
        moves.forEach(chain::follow);
        assertEquals(List.of(), chain.problems());
        assertEquals(moves.toString(), List.of(), chain.misplaced(registry));
    }
}
