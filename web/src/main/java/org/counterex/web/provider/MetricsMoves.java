package org.counterex.web.provider;

import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;

/**
 * What all moves come to since this bundle has started. The record keeps the last 10,000 only, so it is added up at each look;
 * moves that came and went between two looks are known by their number alone.
 *
 * <p><b>Threads.</b> Any may look; one at a time does.
 */
final class MetricsMoves {

    /** The outcome of those of which the record knows no more. */
    static final String UNSEEN = "unseen";

    private BackendRegistry seen;
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
     * @param outcomes the number of moves of each
     * @param counters that were handed over
     * @param timed the moves that took {@code durationUs} together
     */
    record Sums(Map<String, Long> outcomes, BigInteger counters, long timed, BigInteger durationUs) {}

    synchronized Sums upTo(BackendRegistry registry) {
        if (registry != seen) {
            seen = registry;
            last = 0; // another one counts from 1 again
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
