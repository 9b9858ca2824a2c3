package org.counterex.shell.provider.format;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sorted map of counters to values. Scripts use it as a map; the shell prints one line per counter. */
public final class Counts extends LinkedHashMap<String, Long> {

    private static final long serialVersionUID = 1;

    private static final Comparator<Map.Entry<String, Long>> HIGHEST_FIRST =
            Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey());

    private Counts(Map<String, Long> counts, Comparator<Map.Entry<String, Long>> order, long limit) {
        counts.entrySet().stream().sorted(order).limit(limit).forEach(e -> put(e.getKey(), e.getValue()));
    }

    /** Returns a number of counters in words. */
    public static String phrase(long number) {
        return number == 1 ? "1 counter" : number + " counters";
    }

    public static Counts byKey(Map<String, Long> counts) {
        return new Counts(counts, Map.Entry.comparingByKey(), Long.MAX_VALUE);
    }

    public static Counts highest(Map<String, Long> counts, long limit) {
        return new Counts(counts, HIGHEST_FIRST, limit);
    }
}
