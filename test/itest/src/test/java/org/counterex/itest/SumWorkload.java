package org.counterex.itest;

import java.util.Map;
import java.util.Random;

/** A namespace in which all writers add: what is there, and what was drained, is the sum of what they have added. */
final class SumWorkload extends Workload {

    private static final int OFTEN = 16;
    private static final int SELDOM = 1_000;

    private final boolean drained;

    /** By key: what this writer has added, less what it has drained. */
    private final long[] sums;

    /** @param drained whether it is emptied now and then; otherwise it only grows, and no counter ever goes */
    SumWorkload(String name, int keys, boolean drained, Random random, Map<String, Object> page) {
        super(name, keys, random, page);
        this.drained = drained;
        sums = (long[]) page.computeIfAbsent("sums", absent -> new long[keys]);
    }

    @Override
    void next() {
        int k = random.nextInt(keys.length);
        long step = drained ? step() : random.nextInt(100);
        switch (random.nextInt(6)) {
            case 0 -> noted("inc", keys[k], step, counter(k).inc(step));
            case 1 -> noted("inc from 0", keys[k], step, counter(k).inc(step, 0));
            case 2 -> addBySwap(k, step);
            default -> {
                counter(k).add(step);
                noted("add", keys[k], step, "");
            }
        }
        sums[k] += step;
        if (!drained) {
            atLeast(k, counter(k).get().orElse(-1));
        }
        if (random.nextInt(SELDOM) == 0) {
            all();
        }
        if (random.nextInt(OFTEN) == 0) {
            hammer(hot -> {
                hot.add(1);
                sums[0]++;
            });
        }
    }

    private void all() {
        if (drained) {
            Map<String, Long> taken = noted("drain", null, 0, namespace.drain());
            for (int k = 0; k < keys.length; k++) {
                sums[k] -= taken.getOrDefault(keys[k], 0L);
            }
        } else {
            Map<String, Long> all = namespace.getAll();
            for (int k = 0; k < keys.length; k++) {
                atLeast(k, all.getOrDefault(keys[k], -1L));
            }
        }
    }

    /** Where nobody takes away, nobody reads less than what he has added himself. */
    private void atLeast(int k, long value) {
        if (value < sums[k]) {
            throw new AssertionError("it is at " + value + ", and " + sums[k] + " was added: " + last(keys[k]));
        }
    }

    /** Adds what this writer has done to what the counters have to be. */
    void addTo(Map<String, Long> expected) {
        for (int k = 0; k < keys.length; k++) {
            expected.merge(keys[k], sums[k], Long::sum);
        }
    }
}
