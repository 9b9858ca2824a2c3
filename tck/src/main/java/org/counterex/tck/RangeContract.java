package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.util.Map;
import java.util.stream.LongStream;
import org.counterex.api.CasResult;
import org.junit.Test;

/**
 * Contract of the limits of a counter: every operation reaches them exactly and none exceeds them. A rejected call
 * changes nothing.
 */
public abstract class RangeContract extends BackendSuite {

    /** Limits of representations: of small steps, of fast cells, of the word. */
    private static final long[] EDGES = {0, 1L << 31, 1L << 53, 1L << 55, 1L << 60, 1L << 61, 1L << 62, HIGHEST};

    /** Every value from the lowest to the highest can be set and read. */
    @Test
    public void set_ofAnyValue_isReadBack() {
        for (long value : values()) {
            assertEquals(value, backend.set(NAMESPACE, KEY, value));
            assertValue(value);
            backend.delete(NAMESPACE, KEY);
            assertEquals(value, backend.reset(NAMESPACE, KEY, value));
            assertValue(value);
            assertEquals(Map.of(KEY, value), backend.getAll(NAMESPACE));
            assertEquals(Map.of(KEY, value), backend.drain(NAMESPACE));
        }
    }

    /** One step leads exactly from any value, also an initial one, to any other that it can reach. */
    @Test
    public void inc_byAnyStep_isExact() {
        for (long from : values()) {
            for (long to : values()) {
                long step = to - from;
                if (to >= from == step >= 0 && step != Long.MIN_VALUE) {
                    String sum = from + " + " + step;
                    backend.set(NAMESPACE, KEY, from);
                    assertEquals(sum, to, backend.inc(NAMESPACE, KEY, step, 0));
                    assertValue(to);
                    backend.set(NAMESPACE, KEY, from);
                    backend.add(NAMESPACE, KEY, step);
                    assertValue(to);
                    backend.delete(NAMESPACE, KEY);
                    assertEquals("initially " + sum, to, backend.inc(NAMESPACE, KEY, step, from));
                    assertValue(to);
                }
            }
        }
    }

    /** Small steps cross every limit exactly, up and down; the first one that would leave the range is rejected. */
    @Test
    public void inc_bySmallSteps_isExactEverywhere() {
        for (long from : values()) {
            for (long step : new long[] {1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                backend.set(NAMESPACE, KEY, from);
                long value = from;
                for (int i = 0; i < 5; i++) {
                    if (step > 0 ? value > HIGHEST - step : value < lowest() - step) {
                        assertRefused(value, step);
                        break;
                    }
                    value += step;
                    assertEquals(value, backend.inc(NAMESPACE, KEY, step, 0));
                }
                assertValue(value);
            }
        }
    }

    /** A sum above the highest value is rejected and the counter keeps its value; nothing wraps around or saturates. */
    @Test
    public void inc_aboveTheHighest_isRefused() {
        assertRefusedFrom(HIGHEST, 1);
        assertRefusedFrom(HIGHEST, HIGHEST);
        assertRefusedFrom(HIGHEST - 1, 2);
        assertRefusedFrom(1, HIGHEST);
        assertRefusedFrom(1L << 62, 1L << 62);
    }

    /** A sum below the lowest value is rejected, and so is one equal to {@link Long#MIN_VALUE}. */
    @Test
    public void inc_belowTheLowest_isRefused() {
        assertRefusedFrom(lowest(), -1);
        assertRefusedFrom(lowest() + 1, -2);
        assertRefusedFrom(lowest(), -HIGHEST);
        assertRefusedFrom(lowest() + 1, -HIGHEST);
        assertRefusedFrom(Math.max(lowest(), -1L << 62), -1L << 62);
    }

    /** After a rejection a counter remains usable: steps within the range are applied. */
    @Test
    public void inc_afterARejection_isExact() {
        assertRefusedFrom(HIGHEST, 1);
        assertEquals(HIGHEST, backend.inc(NAMESPACE, KEY, 0, 0));
        assertEquals(HIGHEST - 1, backend.inc(NAMESPACE, KEY, -1, 0));
        assertEquals(HIGHEST, backend.inc(NAMESPACE, KEY, 1, 0));
        assertRefusedFrom(lowest(), -1);
        assertEquals(lowest(), backend.inc(NAMESPACE, KEY, 0, 0));
        assertEquals(lowest() + 1, backend.inc(NAMESPACE, KEY, 1, 0));
    }

    /** An absent counter is not created if its first value would be out of range. */
    @Test
    public void inc_ofAnAbsentCounterOutOfRange_createsNothing() {
        long[][] stepAndInitial = {{1, HIGHEST}, {HIGHEST, 1}, {HIGHEST, HIGHEST}, {-1, lowest()}, {-HIGHEST, lowest()}
        };
        for (long[] pair : stepAndInitial) {
            assertOutOfRange(pair[1] + " + " + pair[0], () -> backend.inc(NAMESPACE, KEY, pair[0], pair[1]));
            assertAbsent();
        }
        assertEquals("the initial value is still applied", 11, backend.inc(NAMESPACE, KEY, 1, 10));
    }

    /** A value below the lowest is rejected by every operation that sets one, on a present counter. */
    @Test
    public void set_belowTheLowest_isRefused() {
        assumeTrue("a backend that does not hold every value", lowest() > -HIGHEST);
        long below = lowest() - 1;
        backend.set(NAMESPACE, KEY, 5);
        assertOutOfRange("set", () -> backend.set(NAMESPACE, KEY, below));
        assertOutOfRange("reset", () -> backend.reset(NAMESPACE, KEY, below));
        assertOutOfRange("compareAndSwap", () -> backend.compareAndSwap(NAMESPACE, KEY, 5, below));
        assertOutOfRange("set to the last", () -> backend.set(NAMESPACE, KEY, -HIGHEST));
        assertValue(5);
    }

    /** An absent counter is not created with a value below the lowest, by any operation. */
    @Test
    public void creation_belowTheLowest_isRefused() {
        assumeTrue("a backend that does not hold every value", lowest() > -HIGHEST);
        long below = lowest() - 1;
        assertOutOfRange("set", () -> backend.set(NAMESPACE, KEY, below));
        assertOutOfRange("reset", () -> backend.reset(NAMESPACE, KEY, below));
        assertOutOfRange("compareAndSwap", () -> backend.compareAndSwap(NAMESPACE, KEY, 0, below));
        assertOutOfRange("add", () -> backend.add(NAMESPACE, KEY, below));
        assertOutOfRange("inc", () -> backend.inc(NAMESPACE, KEY, below, 0));
        assertOutOfRange("inc without a step", () -> backend.inc(NAMESPACE, KEY, 0, below));
        assertOutOfRange("inc towards the range", () -> backend.inc(NAMESPACE, KEY, 1, below - 1));
        assertAbsent();
    }

    /** Compare-and-swap distinguishes every value from all others and sets every other. */
    @Test
    public void compareAndSwap_ofAnyValue_isExact() {
        for (long from : values()) {
            for (long to : values()) {
                backend.set(NAMESPACE, KEY, from);
                if (to != from) {
                    CasResult mismatch = new CasResult(false, from);
                    assertEquals(mismatch, backend.compareAndSwap(NAMESPACE, KEY, to, from));
                }
                assertEquals(new CasResult(true, to), backend.compareAndSwap(NAMESPACE, KEY, from, to));
                assertValue(to);
            }
        }
    }

    /** Returns the values at and next to every limit that the backend can hold. */
    private long[] values() {
        return LongStream.of(EDGES)
                .flatMap(edge -> LongStream.of(edge, edge - 1, edge < HIGHEST ? edge + 1 : edge))
                .flatMap(value -> LongStream.of(value, -value))
                .filter(value -> value >= lowest())
                .distinct()
                .toArray();
    }

    private void assertRefusedFrom(long value, long step) {
        backend.set(NAMESPACE, KEY, value);
        assertRefused(value, step);
    }

    private void assertRefused(long value, long step) {
        String sum = value + " + " + step;
        assertOutOfRange("inc: " + sum, () -> backend.inc(NAMESPACE, KEY, step, 0));
        assertValue(value);
        assertOutOfRange("add: " + sum, () -> backend.add(NAMESPACE, KEY, step));
        assertValue(value);
    }
}
