package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Lifecycles of one counter, distinguished by its values. A lifecycle begins with its own multiple of 2^32 and is
 * increased by ones, so every value identifies a lifecycle and a place in it: the number of additions so far.
 */
final class Lifecycles {

    private static final int PLACE_BITS = 32;

    private final List<Witness> witnesses = new ArrayList<>();

    /** Observations of one thread. */
    static final class Witness {

        private final int number;
        private final List<Long> counted = new ArrayList<>();
        private final List<Long> ended = new ArrayList<>();
        private long begun;

        private Witness(int number) {
            this.number = number;
        }

        /** Returns the first value for a lifecycle that may begin now. */
        long begin() {
            return ++begun * Race.RACERS + number << PLACE_BITS;
        }

        /** Records the result of an addition of 1. */
        void counted(long value) {
            counted.add(value);
        }

        /** Records the final value of a lifecycle that this thread has ended. */
        void ended(long value) {
            ended.add(value);
        }
    }

    /** Asserts that values are 1, 2, 3, ..., each once, in any order. */
    static void assertOneToN(LongStream values) {
        long[] sorted = values.sorted().toArray();
        for (int i = 0; i < sorted.length; i++) {
            assertEquals("value in place " + (i + 1), i + 1, sorted[i]);
        }
    }

    /** Returns the number of the lifecycle of a value. */
    static long life(long value) {
        return value >> PLACE_BITS;
    }

    /** Returns the witness of one thread of a race. */
    synchronized Witness witness(int number) {
        Witness witness = new Witness(number);
        witnesses.add(witness);
        return witness;
    }

    /**
     * Asserts that the additions of each lifecycle were 1, 2, 3, ..., and that a final value equals the last of them.
     * Called after the race.
     */
    synchronized void check() {
        Map<Long, Long> last = new HashMap<>();
        seen(witness -> witness.counted).sorted().forEach(value -> {
            long life = life(value);
            long before = last.getOrDefault(life, life << PLACE_BITS);
            assertEquals("place of the next addition in lifecycle " + life, place(before) + 1, place(value));
            last.put(life, value);
        });
        Map<Long, Long> ends = new HashMap<>();
        seen(witness -> witness.ended).forEach(value -> {
            long life = life(value);
            Long before = ends.put(life, value);
            assertTrue("lifecycle " + life + " ended at " + before + " and " + value, before == null);
            assertEquals(
                    "additions to lifecycle " + life, place(last.getOrDefault(life, life << PLACE_BITS)), place(value));
        });
    }

    private Stream<Long> seen(Function<Witness, List<Long>> by) {
        return witnesses.stream().map(by).flatMap(List::stream);
    }

    private static long place(long value) {
        return value & (1L << PLACE_BITS) - 1;
    }
}
