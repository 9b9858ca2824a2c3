package org.counterex.itest;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.counterex.api.Counters;

/**
 * Record of additions and results, for a final comparison with the counters.
 *
 * <p>Each thread has its own ledger; {@link #add} merges several into one. Its content consists of JDK types only, so
 * that a restarted bundle with new classes can {@linkplain #Ledger(Map) continue} with it.
 */
final class Ledger {

    /** By namespace and key, separated by a slash: the expected value, in an array of one. */
    private final Map<String, long[]> sums;

    /**
     * By namespace and key: every number that {@code inc} returned, of counters that are only ever incremented by 1.
     */
    private final Map<String, BitSet> numbers;

    private final List<String> problems;

    Ledger() {
        this(new TreeMap<>());
    }

    /** @param content of another ledger, of any class loader; or an empty map, which is filled */
    @SuppressWarnings("unchecked") // only this class writes these entries
    Ledger(Map<String, Object> content) {
        sums = (Map<String, long[]>) content.computeIfAbsent("sums", absent -> new TreeMap<>());
        numbers = (Map<String, BitSet>) content.computeIfAbsent("numbers", absent -> new TreeMap<>());
        problems = (List<String>)
                content.computeIfAbsent("problems", absent -> Collections.synchronizedList(new ArrayList<>()));
    }

    /** Returns the expected value of a counter, in a mutable array of one. */
    long[] sum(String namespace, String key) {
        return sums.computeIfAbsent(namespace + "/" + key, absent -> new long[1]);
    }

    /** Returns the results of increments by 1. */
    BitSet numbers(String namespace, String key) {
        return numbers.computeIfAbsent(namespace + "/" + key, absent -> new BitSet());
    }

    /** Records a problem. */
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
     * Compares with the counters after all writers have stopped.
     *
     * @param exact whether what {@code inc} returned was exact all the time
     * @return the disagreements, one line each
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
                found.add("wrong value: counter=" + counter + " actual=" + value + " expected=" + sum[0]);
            }
        });
        present.keySet().stream()
                .filter(counter -> !sums.containsKey(counter))
                .forEach(counter -> found.add("unexpected counter: " + counter));
        if (exact) {
            numbers.forEach((counter, seen) -> {
                long calls = sums.get(counter)[0];
                if (seen.cardinality() != calls || seen.nextClearBit(1) != calls + 1) {
                    found.add("wrong results: counter=" + counter + " distinct=" + seen.cardinality() + " calls="
                            + calls + " firstMissing=" + seen.nextClearBit(1));
                }
            });
        }
        return found;
    }
}
