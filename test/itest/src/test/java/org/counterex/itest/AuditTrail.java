package org.counterex.itest;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;

/** The record of moves since some moment, and whether it adds up. */
final class AuditTrail {

    /** The registry keeps no more. */
    private static final int KEPT = 10_000;

    private final BackendRegistry registry;
    private final long before;

    /** Begins after all that the registry has recorded so far. */
    static AuditTrail since(BackendRegistry registry) {
        List<MoveDTO> moves = registry.moves();
        return new AuditTrail(registry, moves.isEmpty() ? 0 : moves.get(moves.size() - 1).id);
    }

    /** Begins with the first record of the registry. */
    static AuditTrail whole(BackendRegistry registry) {
        return new AuditTrail(registry, 0);
    }

    private AuditTrail(BackendRegistry registry, long before) {
        this.registry = registry;
        this.before = before;
    }

    /** The records, oldest first. */
    List<MoveDTO> moves() {
        return registry.moves().stream().filter(move -> move.id > before).toList();
    }

    List<MoveDTO> moves(String namespace) {
        return moves().stream().filter(move -> move.namespace.equals(namespace)).toList();
    }

    /** Waits until every namespace is where it resolves to, or could not go there. */
    static void rest(BackendRegistry registry) {
        Await.until(() -> rests(registry), () -> registry.namespaces() + " after " + registry.moves());
    }

    /** Whether every namespace is where it resolves to, or could not go there. */
    static boolean rests(BackendRegistry registry) {
        return registry.namespaces().stream().allMatch(namespace -> rests(namespace, registry));
    }

    private static boolean rests(NamespaceDTO namespace, BackendRegistry registry) {
        if (namespace.moving) {
            return false;
        }
        List<MoveDTO> moves = registry.moves().stream()
                .filter(move -> move.namespace.equals(namespace.namespace))
                .toList();
        boolean isThere = namespace.backend.equals(namespace.targetBackend);
        boolean couldNot = last(moves, move -> move.to.equals(namespace.targetBackend))
                .filter(move -> move.outcome == MoveDTO.Outcome.REFUSED)
                .isPresent();
        // A move is recorded when it is done, so for a moment the last record may still be missing.
        boolean isRecorded = last(moves, move -> move.outcome == MoveDTO.Outcome.MOVED)
                .map(move -> move.to.equals(namespace.backend))
                .orElse(true);
        return (isThere || couldNot) && isRecorded;
    }

    private static Optional<MoveDTO> last(List<MoveDTO> moves, Predicate<MoveDTO> condition) {
        return moves.stream().filter(condition).reduce((earlier, later) -> later);
    }

    /**
     * Every move was recorded and done; one begins where the one before it ended, and the last one ended where the namespace is.
     *
     * @param quiet what was handed over, each time, in the namespace {@code quiet}
     * @param refusals which moves may have been refused
     */
    void addsUp(Map<String, Long> quiet, Predicate<MoveDTO> refusals) {
        List<MoveDTO> moves = moves();
        MoveChain chain = new MoveChain(
                moves.size() == KEPT ? moves.get(0).id - 1 : before,
                quiet,
                move -> move.outcome == MoveDTO.Outcome.REFUSED && refusals.test(move));
        moves.forEach(chain::follow);
        assertEquals(List.of(), chain.problems());
        assertEquals(moves.toString(), List.of(), chain.astray(registry));
    }
}
