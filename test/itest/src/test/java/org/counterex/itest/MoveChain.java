package org.counterex.itest;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;

/**
 * Consistency check of the moves of one registry: every move was done or has an expected reason; each move of a
 * namespace starts where the previous one ended; and the constant namespace is transferred as a whole.
 */
final class MoveChain {

    private static final int MAX_LAST = 8;

    private final Map<String, Long> quiet;
    private final String sum;
    private final Predicate<MoveDTO> explained;
    private final Map<String, String> placements = new HashMap<>();
    private final Map<String, Deque<MoveDTO>> last = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private long id;

    /**
     * @param before the id of the last record that is skipped
     * @param quiet the content of the namespace {@code quiet}, which each of its moves must transfer
     * @param explained the moves that may have another outcome than done
     */
    MoveChain(long before, Map<String, Long> quiet, Predicate<MoveDTO> explained) {
        this.quiet = quiet;
        this.explained = explained;
        id = before;
        sum = quiet.values().stream()
                .map(BigInteger::valueOf)
                .reduce(BigInteger.ZERO, BigInteger::add)
                .toString();
    }

    /** Returns the id of the last record that was checked. */
    long id() {
        return id;
    }

    /** Checks the next record. */
    void follow(MoveDTO move) {
        remember(move);
        require(move, "ids are consecutive", move.id == ++id);
        id = move.id;
        if (move.outcome != MoveDTO.Outcome.MOVED) {
            require(move, "outcome is not done", isTooLate(move) || explained.test(move));
            require(move, "nothing is transferred", move.outcome != MoveDTO.Outcome.REFUSED || move.counters == 0);
            return;
        }
        String backend = placements.put(move.namespace, move.to);
        require(move, "it was in " + backend, backend == null || backend.equals(move.from));
        require(move, "duration and cause are set", move.durationUs >= 0 && !move.cause.isEmpty());
        if (move.namespace.equals("quiet")) {
            require(move, quiet.size() + " counters", move.counters == quiet.size());
            require(move, "their sum is " + sum, move.sum.equals(sum));
        }
    }

    /** The move was decided while the backend was bound, and started while it was being unbound. */
    private static boolean isTooLate(MoveDTO move) {
        return move.outcome == MoveDTO.Outcome.REFUSED && move.reason.equals("backend is leaving");
    }

    private void remember(MoveDTO move) {
        Deque<MoveDTO> moves = last.computeIfAbsent(move.namespace, absent -> new ArrayDeque<>());
        moves.add(move);
        if (moves.size() > MAX_LAST) {
            moves.remove();
        }
    }

    private void require(MoveDTO move, String what, boolean condition) {
        if (!condition) {
            problems.add(what + ": " + move + " after " + last(move.namespace));
        }
    }

    /** Returns the last moves of a namespace, oldest first. */
    List<MoveDTO> last(String namespace) {
        return List.copyOf(last.getOrDefault(namespace, new ArrayDeque<>()));
    }

    /** Returns the problems found so far. */
    List<String> problems() {
        return problems;
    }

    /** Returns the namespaces that are not where their last record says, which is possible during a move. */
    List<String> misplaced(BackendRegistry registry) {
        List<String> misplaced = new ArrayList<>();
        placements.forEach((namespace, backend) -> {
            String actual = registry.explain(namespace).backend;
            if (!actual.equals(backend)) {
                misplaced.add(namespace + " is in " + actual + " after " + last(namespace));
            }
        });
        return misplaced;
    }
}
