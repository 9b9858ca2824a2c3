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
 * The lives of one counter, told apart by its values. A life begins with a multiple of 2^32 of its own and goes up by
 * ones, so that every value names a life and a place in it: the number of additions up to there.
 */
final class Lifecycles {

    private static final int PLACE_BITS = 32;

    private final List<Witness> witnesses = new ArrayList<>();

    /** What one thread has seen. */
    static final class Witness {

        private final int number;
        private final List<Long> counted = new ArrayList<>();
        private final List<Long> ended = new ArrayList<>();
        private long begun;

        private Witness(int number) {
            this.number = number;
        }

        /** The first value of a life that may begin now. */
        long begin() {
            return ++begun * Race.RACERS + number << PLACE_BITS;
        }

        /** An addition of 1 has returned this. */
        void counted(long value) {
            counted.add(value);
        }

        /** A life has ended with this value, by the hand of this thread. */
        void ended(long value) {
            ended.add(value);
        }
    }

    /** That values are 1, 2, 3, ..., each once, in any order. */
    static void assertOneToN(LongStream values) {
        long[] sorted = values.sorted().toArray();
        for (int i = 0; i < sorted.length; i++) {
            assertEquals("value in place " + (i + 1), i + 1, sorted[i]);
        }
    }

    /** The life that a value belongs to. */
    static long life(long value) {
        return value >> PLACE_BITS;
    }

    /** For one thread of a race. */
    synchronized Witness witness(int number) {
        Witness witness = new Witness(number);
        witnesses.add(witness);
        return witness;
    }

    /**
     * That each life has had its additions 1, 2, 3, ..., and where its end is known, ended after the last. For when the
     * race is over.
     */
    synchronized void check() {
        Map<Long, Long> last = new HashMap<>();
        seen(witness -> witness.counted).sorted().forEach(value -> {
            long life = life(value);
            long before = last.getOrDefault(life, life << PLACE_BITS);
            assertEquals("place of the next addition in life " + life, place(before) + 1, place(value));
            last.put(life, value);
        });
        Map<Long, Long> ends = new HashMap<>();
        seen(witness -> witness.ended).forEach(value -> {
            long life = life(value);
            Long before = ends.put(life, value);
            assertTrue("life " + life + " ended at " + before + " and " + value, before == null);
            assertEquals("additions to life " + life, place(last.getOrDefault(life, life << PLACE_BITS)), place(value));
        });
    }

    private Stream<Long> seen(Function<Witness, List<Long>> by) {
        return witnesses.stream().map(by).flatMap(List::stream);
    }

    private static long place(long value) {
        return value & (1L << PLACE_BITS) - 1;
    }
}
