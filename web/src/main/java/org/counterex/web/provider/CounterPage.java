package org.counterex.web.provider;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * A page of the counters of a namespace: those that match, in an order, from an offset on. However many counters there
 * are, it keeps no more than offset and limit together. Not thread-safe.
 */
final class CounterPage {

    /** The largest offset and limit together. */
    static final int DEEPEST = 100_000;

    private static final Comparator<Map.Entry<String, Long>> BY_KEY = Map.Entry.comparingByKey();
    private static final Comparator<Map.Entry<String, Long>> BY_VALUE = Map.Entry.comparingByValue();

    private final Predicate<String> matches;
    private final Comparator<Map.Entry<String, Long>> order;
    private final int offset;
    private final int kept;
    /** The last in the order first. */
    private final PriorityQueue<Map.Entry<String, Long>> first;

    private long counters;
    private long matched;

    /**
     * @param search as in {@link Search}
     * @throws HttpError the page is too deep
     */
    CounterPage(String search, boolean byValue, boolean ascending, int offset, int limit) {
        if (offset + (long) limit > DEEPEST) {
            throw HttpError.bad("page is too deep, search instead: offset=" + offset + " limit=" + limit
                    + " largest together=" + DEEPEST);
        }
        matches = new Search(search);
        Comparator<Map.Entry<String, Long>> wanted = byValue ? BY_VALUE : BY_KEY;
        Comparator<Map.Entry<String, Long>> directed = ascending ? wanted : wanted.reversed();
        order = byValue ? directed.thenComparing(BY_KEY) : directed;
        this.offset = offset;
        kept = offset + limit;
        first = new PriorityQueue<>(Math.max(1, Math.min(kept, 1_024)), order.reversed());
    }

    void add(Map.Entry<String, Long> counter) {
        counters++;
        if (!matches.test(counter.getKey())) {
            return;
        }
        matched++;
        if (first.size() < kept) {
            first.add(counter);
        } else if (kept > 0 && order.compare(counter, first.peek()) < 0) {
            first.poll();
            first.add(counter);
        }
    }

    /** Of all. */
    long counters() {
        return counters;
    }

    /** Those that match. */
    long matched() {
        return matched;
    }

    /** The page, in order. */
    List<Map.Entry<String, Long>> page() {
        @SuppressWarnings({"unchecked", "rawtypes"}) // it holds nothing else
        Map.Entry<String, Long>[] sorted = first.toArray(new Map.Entry[0]);
        Arrays.sort(sorted, order);
        return List.of(sorted).subList(Math.min(offset, sorted.length), sorted.length);
    }
}
