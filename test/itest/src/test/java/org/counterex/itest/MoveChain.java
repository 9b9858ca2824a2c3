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
 * Follows the records of one registry: every move was done, or there is a reason; in each namespace one begins where the one
 * before it ended; and what is known not to change is handed over whole.
 */
final class MoveChain {

    private static final int KEPT = 8;

    private final Map<String, Long> quiet;
    private final String sum;
    private final Predicate<MoveDTO> explained;
    private final Map<String, String> homes = new HashMap<>();
    private final Map<String, Deque<MoveDTO>> last = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private long id;

    /**
     * @param before the number of the last record that is not looked at
     * @param quiet what was handed over, each time, in the namespace {@code quiet}
     * @param explained which moves may have ended otherwise than done
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

    /** The number of the last record that was looked at. */
    long id() {
        return id;
    }

    /** Looks at the next record. */
    void follow(MoveDTO move) {
        note(move);
        require(move, "ids count up", move.id == ++id);
        id = move.id;
        if (move.outcome != MoveDTO.Outcome.MOVED) {
            require(move, "it was not done", cameTooLate(move) || explained.test(move));
            require(move, "nothing is handed over", move.outcome != MoveDTO.Outcome.REFUSED || move.counters == 0);
            return;
        }
        String home = homes.put(move.namespace, move.to);
        require(move, "it was in " + home, home == null || home.equals(move.from));
        require(move, "how long, and why", move.durationUs >= 0 && !move.cause.isEmpty());
        if (move.namespace.equals("quiet")) {
            require(move, quiet.size() + " counters", move.counters == quiet.size());
            require(move, "their sum is " + sum, move.sum.equals(sum));
        }
    }

    /** It was decided upon when the backend was there, and its turn came when the backend was leaving again. */
    private static boolean cameTooLate(MoveDTO move) {
        return move.outcome == MoveDTO.Outcome.REFUSED && move.reason.equals("backend is leaving");
    }

    private void note(MoveDTO move) {
        Deque<MoveDTO> moves = last.computeIfAbsent(move.namespace, absent -> new ArrayDeque<>());
        moves.add(move);
        if (moves.size() > KEPT) {
            moves.remove();
        }
    }

    private void require(MoveDTO move, String what, boolean condition) {
        if (!condition) {
            problems.add(what + ": " + move + " after " + last(move.namespace));
        }
    }

    /** The last records of a namespace, oldest first. */
    List<MoveDTO> last(String namespace) {
        return List.copyOf(last.getOrDefault(namespace, new ArrayDeque<>()));
    }

    /** What is wrong with the records so far. */
    List<String> problems() {
        return problems;
    }

    /** The namespaces that are not where the last record says, which may be so while they move. */
    List<String> astray(BackendRegistry registry) {
        List<String> astray = new ArrayList<>();
        homes.forEach((namespace, home) -> {
            String actual = registry.explain(namespace).backend;
            if (!actual.equals(home)) {
                astray.add(namespace + " is in " + actual + " after " + last(namespace));
            }
        });
        return astray;
    }
}
