package org.counterex.web.provider.api;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.counterex.web.provider.http.HttpError;

/**
 * Selection of one page of the counters of a namespace: matching counters in an order, from an offset on. Memory is
 * bounded by the sum of offset and limit, whatever the number of counters. Not thread-safe.
 */
final class CounterPage {

    /** Maximum sum of offset and limit. */
    static final int MAX_DEPTH = 100_000;

    private static final Comparator<Map.Entry<String, Long>> BY_KEY = Map.Entry.comparingByKey();
    private static final Comparator<Map.Entry<String, Long>> BY_VALUE = Map.Entry.comparingByValue();

    private final Predicate<String> search;
    private final Comparator<Map.Entry<String, Long>> order;
    private final int offset;
    private final int depth;
    /** The first counters in the order, the last of them at the head. */
    private final PriorityQueue<Map.Entry<String, Long>> selected;

    private long counters;
    private long matched;

    /**
     * @param search as in {@link NameSearch}
     * @throws HttpError offset and limit are too large
     */
    CounterPage(String search, boolean byValue, boolean ascending, int offset, int limit) {
        if (offset + (long) limit > MAX_DEPTH) {
            throw HttpError.badRequest(
                    "page is too deep, search instead: offset=" + offset + " limit=" + limit + " maxSum=" + MAX_DEPTH);
        }
        this.search = new NameSearch(search);
        Comparator<Map.Entry<String, Long>> natural = byValue ? BY_VALUE : BY_KEY;
        Comparator<Map.Entry<String, Long>> directed = ascending ? natural : natural.reversed();
        order = byValue ? directed.thenComparing(BY_KEY) : directed;
        this.offset = offset;
        depth = offset + limit;
        selected = new PriorityQueue<>(Math.max(1, Math.min(depth, 1_024)), order.reversed());
    }

    /** Adds a counter to those from which the page is selected. */
    void add(Map.Entry<String, Long> counter) {
        counters++;
        if (!search.test(counter.getKey())) {
            return;
        }
        matched++;
        if (selected.size() < depth) {
            selected.add(counter);
        } else if (depth > 0 && order.compare(counter, selected.peek()) < 0) {
            selected.poll();
            selected.add(counter);
        }
    }

    /** Returns the number of counters that were added. */
    long counters() {
        return counters;
    }

    /** Returns the number of counters that match. */
    long matched() {
        return matched;
    }

    /** Returns the counters of the page, in order. */
    List<Map.Entry<String, Long>> items() {
        @SuppressWarnings({"unchecked", "rawtypes"}) // the queue contains nothing else
        Map.Entry<String, Long>[] sorted = selected.toArray(new Map.Entry[0]);
        Arrays.sort(sorted, order);
        return List.of(sorted).subList(Math.min(offset, sorted.length), sorted.length);
    }
}
