package org.counterex.web.provider.metrics;

import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;

/**
 * Sums over all moves since this bundle started. The registry retains the last 10,000 moves only, so every scrape adds
 * the new ones; of moves that were dropped between two scrapes, only the number is known. Thread-safe.
 */
final class MetricsMoves {

    /** Outcome of the moves that the registry has dropped before a scrape. */
    static final String UNSEEN = "unseen";

    private BackendRegistry lastRegistry;
    private long last;
    private final Map<String, Long> outcomes = new TreeMap<>(Map.of(UNSEEN, 0L));
    private BigInteger counters = BigInteger.ZERO;
    private BigInteger durationUs = BigInteger.ZERO;
    private long timed;

    MetricsMoves() {
        for (MoveDTO.Outcome outcome : MoveDTO.Outcome.values()) {
            outcomes.put(outcome.text(), 0L);
        }
    }

    /**
     * Sums over moves.
     *
     * @param outcomes number of moves by outcome
     * @param counters number of counters transferred
     * @param timed number of moves of which the duration is known
     * @param durationUs total duration of these moves
     */
    record Sums(Map<String, Long> outcomes, BigInteger counters, long timed, BigInteger durationUs) {}

    /** Adds the new moves of a registry and returns the sums. */
    synchronized Sums update(BackendRegistry registry) {
        if (registry != lastRegistry) {
            lastRegistry = registry;
            last = 0; // the ids of another registry start from 1
        }
        for (MoveDTO move : registry.moves(last, Integer.MAX_VALUE)) {
            outcomes.merge(UNSEEN, move.id - last - 1, Long::sum);
            outcomes.merge(move.outcome.text(), 1L, Long::sum);
            counters = counters.add(BigInteger.valueOf(move.counters));
            durationUs = durationUs.add(BigInteger.valueOf(move.durationUs));
            timed++;
            last = move.id;
        }
        return new Sums(new TreeMap<>(outcomes), counters, timed, durationUs);
    }
}
