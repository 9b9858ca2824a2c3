package org.counterex.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.math.BigInteger;
import java.util.HashMap;
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
        Await.until(
                () -> registry.namespaces().stream().allMatch(namespace -> rests(namespace, registry)),
                () -> registry.namespaces() + " after " + registry.moves());
    }

    private static boolean rests(NamespaceDTO namespace, BackendRegistry registry) {
        if (namespace.moving) {
            return false;
        }
        List<MoveDTO> moves = registry.moves().stream()
                .filter(move -> move.namespace.equals(namespace.namespace))
                .toList();
        boolean isThere = namespace.home.equals(namespace.resolved);
        boolean couldNot = last(moves, move -> move.to.equals(namespace.resolved))
                .filter(move -> move.outcome.equals(MoveDTO.REFUSED))
                .isPresent();
        // A move is recorded when it is done, so for a moment the last record may still be missing.
        boolean isRecorded = last(moves, move -> move.outcome.equals(MoveDTO.MOVED))
                .map(move -> move.to.equals(namespace.home))
                .orElse(true);
        return (isThere || couldNot) && isRecorded;
    }

    private static Optional<MoveDTO> last(List<MoveDTO> moves, Predicate<MoveDTO> condition) {
        return moves.stream().filter(condition).reduce((earlier, later) -> later);
    }

    /** It was decided upon when the backend was there, and its turn came when the backend was leaving again. */
    private static boolean cameTooLate(MoveDTO move) {
        return move.reason.equals("the backend is leaving");
    }

    /**
     * Every move was recorded and done; one begins where the one before it ended, and the last one ended where the namespace is.
     *
     * @param quiet what was handed over, each time, in the namespace {@code quiet}
     * @param refusals which moves may have been refused
     */
    void addsUp(Map<String, Long> quiet, Predicate<MoveDTO> refusals) {
        String sum = quiet.values().stream()
                .map(BigInteger::valueOf)
                .reduce(BigInteger.ZERO, BigInteger::add)
                .toString();
        Map<String, String> homes = new HashMap<>();
        List<MoveDTO> moves = moves();
        long id = moves.size() == KEPT ? moves.get(0).id - 1 : before;
        for (MoveDTO move : moves) {
            assertEquals("ids count up: " + move, ++id, move.id);
            if (move.outcome.equals(MoveDTO.REFUSED) && (cameTooLate(move) || refusals.test(move))) {
                assertEquals("nothing is handed over: " + move, 0, move.counters);
                continue;
            }
            assertEquals("outcome of " + move, MoveDTO.MOVED, move.outcome);
            String home = homes.put(move.namespace, move.to);
            assertTrue("it was in " + home + " before " + move, home == null || home.equals(move.from));
            assertTrue("how long and why: " + move, move.durationUs >= 0 && !move.cause.isEmpty());
            if (move.namespace.equals("quiet")) {
                assertEquals("counters of " + move, quiet.size(), move.counters);
                assertEquals("sum of " + move, sum, move.sum);
            }
        }
        homes.forEach((namespace, home) -> assertEquals(
                "where " + namespace + " is after " + moves(namespace), home, registry.explain(namespace).home));
    }
}
