package org.counterex.itest;

import java.util.Map;
import java.util.Random;

/** Workload of a namespace in which all writers add: the values plus what was drained are the sum of all additions. */
final class SumWorkload extends Workload {

    private static final int BURST_PERIOD = 16;
    private static final int BULK_PERIOD = 1_000;

    private final boolean drained;

    /** By key: what this writer added minus what it drained. */
    private final long[] sums;

    /**
     * @param drained whether the namespace is drained occasionally; otherwise values only grow and no counter
     * disappears
     */
    SumWorkload(String name, int keys, boolean drained, Random random, Map<String, Object> state) {
        super(name, keys, random, state);
        this.drained = drained;
        sums = (long[]) state.computeIfAbsent("sums", absent -> new long[keys]);
    }

    @Override
    void next() {
        int k = random.nextInt(keys.length);
        long step = drained ? step() : random.nextInt(100);
        switch (random.nextInt(6)) {
            case 0 -> recorded("inc", keys[k], step, counter(k).inc(step));
            case 1 -> recorded("inc from 0", keys[k], step, counter(k).inc(step, 0));
            case 2 -> addBySwap(k, step);
            default -> {
                counter(k).add(step);
                recorded("add", keys[k], step, "");
            }
        }
        sums[k] += step;
        if (!drained) {
            requireAtLeast(k, counter(k).get().orElse(-1));
        }
        if (random.nextInt(BULK_PERIOD) == 0) {
            all();
        }
        if (random.nextInt(BURST_PERIOD) == 0) {
            burst(hot -> {
                hot.add(1);
                sums[0]++;
            });
        }
    }

    private void all() {
        if (drained) {
            Map<String, Long> taken = recorded("drain", null, 0, namespace.drain());
            for (int k = 0; k < keys.length; k++) {
                sums[k] -= taken.getOrDefault(keys[k], 0L);
            }
        } else {
            Map<String, Long> all = namespace.getAll();
            for (int k = 0; k < keys.length; k++) {
                requireAtLeast(k, all.getOrDefault(keys[k], -1L));
            }
        }
    }

    /** Without drains, a writer never reads less than its own additions. */
    private void requireAtLeast(int k, long value) {
        if (value < sums[k]) {
            throw new AssertionError(
                    "value too low: actual=" + value + " added=" + sums[k] + " counter=" + describe(keys[k]));
        }
    }

    /** Adds this writer's additions to the expected values. */
    void addTo(Map<String, Long> expected) {
        for (int k = 0; k < keys.length; k++) {
            expected.merge(keys[k], sums[k], Long::sum);
        }
    }
}
