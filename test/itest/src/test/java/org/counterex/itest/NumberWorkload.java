package org.counterex.itest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A namespace whose counters all writers only ever increase by 1, and empty now and then. In each life of a counter, from one
 * drain to the next, what the calls returned is 1, 2, 3 and so on up to what was drained, each number once.
 */
final class NumberWorkload extends Workload {

    static final String NAME = "numbers";

    private static final int KEYS = 16;
    private static final int OFTEN = 16;
    private static final int SELDOM = 2_000;

    /** By key and number: how often this writer was told it. */
    private final int[][] told;

    /** By key and number: how many lives this writer has seen end with it. */
    private final int[][] ends;

    NumberWorkload(Random random, Map<String, Object> page) {
        super(NAME, KEYS, random, page);
        told = (int[][]) page.computeIfAbsent("told", absent -> new int[KEYS][1]);
        ends = (int[][]) page.computeIfAbsent("ends", absent -> new int[KEYS][1]);
    }

    @Override
    void next() {
        int k = random.nextInt(KEYS);
        switch (random.nextInt(4)) {
            case 0 -> count(told, k, noted("inc", keys[k], 1, counter(k).inc()));
            case 1 -> count(told, k, noted("inc", keys[k], 1, counter(k).inc(1)));
            case 2 -> count(told, k, noted("inc from 0", keys[k], 1, counter(k).inc(1, 0)));
            default -> count(told, k, addBySwap(k, 1));
        }
        if (random.nextInt(OFTEN) == 0) {
            hammer(hot -> count(told, 0, hot.inc()));
        }
        if (random.nextInt(SELDOM) == 0) {
            ended(noted("drain", null, 0, namespace.drain()));
        }
    }

    /** Enters that lives have ended. */
    void ended(Map<String, Long> taken) {
        for (int k = 0; k < KEYS; k++) {
            Long last = taken.get(keys[k]);
            if (last != null) {
                count(ends, k, last);
            }
        }
    }

    /** Where values need not be exact, 0 is told of a counter that was drained before its value could be read. */
    private void count(int[][] counts, int k, long number) {
        if (number < 0 || number > Integer.MAX_VALUE / 4) {
            throw new AssertionError("it is at " + number + ": " + last(keys[k]));
        }
        int index = (int) number;
        if (index >= counts[k].length) {
            counts[k] = Arrays.copyOf(counts[k], 2 * index);
        }
        counts[k][index]++;
    }

    /**
     * When all lives have ended: what does not agree.
     *
     * @param exact whether each number has to be told once in each life; otherwise as many as were drained
     */
    static List<String> disagreements(List<NumberWorkload> books, boolean exact) {
        List<String> found = new ArrayList<>();
        for (int k = 0; k < KEYS; k++) {
            int[] all = sum(books, k, book -> book.told);
            int[] ends = sum(books, k, book -> book.ends);
            long lives = 0;
            long calls = 0;
            long drained = 0;
            for (int number = Math.max(all.length, ends.length) - 1; number >= 0; number--) {
                lives += at(ends, number);
                calls += at(all, number);
                drained += (long) number * at(ends, number);
                if (exact && at(all, number) != (number == 0 ? 0 : lives)) {
                    found.add("number " + number + " was told " + at(all, number) + " times in " + lives + " lives"
                            + last(books, k));
                }
            }
            if (calls != drained) {
                found.add(calls + " calls were made, and " + drained + " came of it" + last(books, k));
            }
        }
        return found;
    }

    private static String last(List<NumberWorkload> books, int k) {
        return ": " + books.stream().map(book -> book.last(book.keys[k])).toList();
    }

    private interface Counts {
        int[][] of(NumberWorkload book);
    }

    private static int[] sum(List<NumberWorkload> books, int k, Counts counts) {
        int[] sum = new int[1];
        for (NumberWorkload book : books) {
            int[] some = counts.of(book)[k];
            if (some.length > sum.length) {
                sum = Arrays.copyOf(sum, some.length);
            }
            for (int number = 0; number < some.length; number++) {
                sum[number] += some[number];
            }
        }
        return sum;
    }

    private static int at(int[] counts, int number) {
        return number < counts.length ? counts[number] : 0;
    }

    /** Forgets all lives that have ended. */
    void clear() {
        Arrays.setAll(told, k -> new int[1]);
        Arrays.setAll(ends, k -> new int[1]);
    }
}
