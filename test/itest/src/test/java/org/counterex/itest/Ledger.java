package org.counterex.itest;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.counterex.api.Counters;

/**
 * What was counted, and what was returned, to be compared with the counters in the end.
 *
 * <p>A ledger is kept by one thread; {@link #add} collects the ledgers of several into one. It stores nothing but types of
 * the JDK, so that a bundle that is restarted, with classes anew, can {@linkplain #Ledger(Map) go on} with its former one.
 */
final class Ledger {

    /** By namespace and key, separated by a slash: what the counter has to be, in an array of one. */
    private final Map<String, long[]> sums;

    /** By namespace and key: every number that {@code inc} returned, of counters that are only ever incremented by 1. */
    private final Map<String, BitSet> numbers;

    private final List<String> problems;

    Ledger() {
        this(new TreeMap<>());
    }

    /** @param content of another ledger, of any class loader; or an empty map, which is filled */
    @SuppressWarnings("unchecked") // nothing else writes into the map
    Ledger(Map<String, Object> content) {
        sums = (Map<String, long[]>) content.computeIfAbsent("sums", absent -> new TreeMap<>());
        numbers = (Map<String, BitSet>) content.computeIfAbsent("numbers", absent -> new TreeMap<>());
        problems = (List<String>)
                content.computeIfAbsent("problems", absent -> Collections.synchronizedList(new ArrayList<>()));
    }

    /** What a counter has to be, in an array of one, to be added to. */
    long[] sum(String namespace, String key) {
        return sums.computeIfAbsent(namespace + "/" + key, absent -> new long[1]);
    }

    /** What incrementing a counter by 1 has returned. */
    BitSet numbers(String namespace, String key) {
        return numbers.computeIfAbsent(namespace + "/" + key, absent -> new BitSet());
    }

    /** Notes something that must not be. */
    void problem(String problem) {
        problems.add(problem);
    }

    synchronized void add(Ledger other) {
        other.sums.forEach((counter, sum) -> sums.computeIfAbsent(counter, absent -> new long[1])[0] += sum[0]);
        other.numbers.forEach((counter, seen) ->
                numbers.computeIfAbsent(counter, absent -> new BitSet()).or(seen));
        problems.addAll(other.problems);
    }

    /**
     * Compares with the counters, when nobody counts any more.
     *
     * @param exact whether what {@code inc} returned was exact all the time
     * @return what does not agree, one sentence each
     */
    synchronized List<String> disagreements(Counters counters, boolean exact) {
        List<String> found = new ArrayList<>(problems);
        Map<String, Long> present = new TreeMap<>();
        for (String namespace : counters.namespaces()) {
            counters.namespace(namespace).getAll().forEach((key, value) -> present.put(namespace + "/" + key, value));
        }
        sums.forEach((counter, sum) -> {
            long value = present.getOrDefault(counter, 0L);
            if (value != sum[0]) {
                found.add(counter + " is " + value + " and has to be " + sum[0]);
            }
        });
        present.keySet().stream()
                .filter(counter -> !sums.containsKey(counter))
                .forEach(counter -> found.add(counter + " is there and nobody made it"));
        if (exact) {
            numbers.forEach((counter, seen) -> {
                long calls = sums.get(counter)[0];
                if (seen.cardinality() != calls || seen.nextClearBit(1) != calls + 1) {
                    found.add(counter + " returned " + seen.cardinality() + " different numbers in " + calls
                            + " calls, the first one missing is " + seen.nextClearBit(1));
                }
            });
        }
        return found;
    }
}
