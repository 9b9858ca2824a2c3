package org.counterex.itest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Workload of a namespace whose counters all writers increment by 1 and drain occasionally. From one drain of a counter
 * to the next, the calls return 1, 2, 3 and so on up to the drained value, each number once.
 */
final class NumberWorkload extends Workload {

    static final String NAME = "numbers";

    private static final int KEYS = 16;
    private static final int BURST_PERIOD = 16;
    private static final int DRAIN_PERIOD = 2_000;

    /** By key and number: how often a call of this writer returned it. */
    private final int[][] returned;

    /** By key and number: how many drains of this writer returned it. */
    private final int[][] drained;

    NumberWorkload(Random random, Map<String, Object> state) {
        super(NAME, KEYS, random, state);
        returned = (int[][]) state.computeIfAbsent("returned", absent -> new int[KEYS][1]);
        drained = (int[][]) state.computeIfAbsent("drained", absent -> new int[KEYS][1]);
    }

    @Override
    void next() {
        int k = random.nextInt(KEYS);
        switch (random.nextInt(4)) {
            case 0 -> count(returned, k, recorded("inc", keys[k], 1, counter(k).inc()));
            case 1 -> count(returned, k, recorded("inc", keys[k], 1, counter(k).inc(1)));
            case 2 ->
                count(returned, k, recorded("inc from 0", keys[k], 1, counter(k).inc(1, 0)));
            default -> count(returned, k, addBySwap(k, 1));
        }
        if (random.nextInt(BURST_PERIOD) == 0) {
            burst(hot -> count(returned, 0, hot.inc()));
        }
        if (random.nextInt(DRAIN_PERIOD) == 0) {
            recordDrained(recorded("drain", null, 0, namespace.drain()));
        }
    }

    /** Records the values that a drain returned. */
    void recordDrained(Map<String, Long> taken) {
        for (int k = 0; k < KEYS; k++) {
            Long last = taken.get(keys[k]);
            if (last != null) {
                count(drained, k, last);
            }
        }
    }

    /** A backend without exact results may return 0 if the counter is drained before its value is read. */
    private void count(int[][] counts, int k, long number) {
        if (number < 0 || number > Integer.MAX_VALUE / 4) {
            throw new AssertionError("invalid result: actual=" + number + " counter=" + describe(keys[k]));
        }
        int index = (int) number;
        if (index >= counts[k].length) {
            counts[k] = Arrays.copyOf(counts[k], 2 * index);
        }
        counts[k][index]++;
    }

    /**
     * Returns the disagreements, once all counters are drained.
     *
     * @param exact whether each number must have been returned once between drains; otherwise only the sums are
     *     compared
     */
    static List<String> disagreements(List<NumberWorkload> workloads, boolean exact) {
        List<String> found = new ArrayList<>();
        for (int k = 0; k < KEYS; k++) {
            int[] all = sum(workloads, k, workload -> workload.returned);
            int[] ends = sum(workloads, k, workload -> workload.drained);
            long drains = 0;
            long calls = 0;
            long drainedSum = 0;
            for (int number = Math.max(all.length, ends.length) - 1; number >= 0; number--) {
                drains += at(ends, number);
                calls += at(all, number);
                drainedSum += (long) number * at(ends, number);
                if (exact && at(all, number) != (number == 0 ? 0 : drains)) {
                    found.add("wrong number of results: result=" + number + " actual=" + at(all, number) + " expected="
                            + drains + describe(workloads, k));
                }
            }
            if (calls != drainedSum) {
                found.add("wrong sum: calls=" + calls + " drained=" + drainedSum + describe(workloads, k));
            }
        }
        return found;
    }

    private static String describe(List<NumberWorkload> workloads, int k) {
        return " counters="
                + workloads.stream()
                        .map(workload -> workload.describe(workload.keys[k]))
                        .toList();
    }

    private interface Counts {
        int[][] of(NumberWorkload workload);
    }

    private static int[] sum(List<NumberWorkload> workloads, int k, Counts counts) {
        int[] sum = new int[1];
        for (NumberWorkload workload : workloads) {
            int[] some = counts.of(workload)[k];
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

    /** Clears the recorded results. */
    void clear() {
        Arrays.setAll(returned, k -> new int[1]);
        Arrays.setAll(drained, k -> new int[1]);
    }
}
