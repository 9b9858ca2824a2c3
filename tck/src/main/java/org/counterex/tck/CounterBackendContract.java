package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.CasResult;
import org.junit.Test;

/** Contract of each operation on one counter, present or absent. */
public abstract class CounterBackendContract extends BackendSuite {

    /** A counter that was never created is absent, and reading it does not create it. */
    @Test
    public void get_ofAnAbsentCounter_isEmptyAndCreatesNothing() {
        assertAbsent();
        assertAbsent();
    }

    /** An absent counter has the initial value before the step. */
    @Test
    public void inc_ofAnAbsentCounter_startsFromTheInitialValue() {
        assertEquals(15, inc(5, 10));
        assertValue(15);
    }

    /** The initial value is ignored for a present counter. */
    @Test
    public void inc_ofAPresentCounter_ignoresTheInitialValue() {
        inc(5, 10);
        assertEquals(17, inc(2, 1_000));
        assertValue(17);
    }

    /** A counter whose value is 0 is present like any other: the initial value is not applied to it again. */
    @Test
    public void inc_ofACounterAtZero_ignoresTheInitialValue() {
        backend.set(NAMESPACE, KEY, 0);
        assertEquals("after set", 1, inc(1, 1_000));
        assertEquals("back to zero", 0, inc(-1, 1_000));
        assertEquals("after counting down", 2, inc(2, 1_000));
        backend.reset(NAMESPACE, KEY, 0);
        assertEquals("after reset", 3, inc(3, 1_000));
        backend.compareAndSwap(NAMESPACE, KEY, 3, 0);
        assertEquals("after compareAndSwap", 4, inc(4, 1_000));
    }

    /** A step of 0 changes no value. */
    @Test
    public void inc_byZero_returnsTheValue() {
        inc(7, 0);
        assertEquals(7, inc(0, 0));
        assertValue(7);
    }

    /** A step of 0 creates an absent counter, with the initial value. */
    @Test
    public void inc_ofAnAbsentCounterByZero_createsIt() {
        assertEquals(0, inc(0, 0));
        assertValue(0);
        backend.delete(NAMESPACE, KEY);
        assertEquals(9, inc(0, 9));
        assertValue(9);
    }

    /** A negative step counts down. */
    @Test
    public void inc_byANegativeStep_countsDown() {
        assertEquals(7, inc(-3, 10));
        assertEquals(0, inc(-7, 0));
        assertValue(0);
    }

    /** In a backend with negative values, 0 is not special for a counter. */
    @Test
    public void inc_belowZero_isExact() {
        assumeTrue("a backend with negative values", lowest() < 0);
        assertEquals(-1, inc(-1, 0));
        assertEquals(-11, inc(-10, 0));
        assertEquals(0, inc(11, 5));
        assertEquals(1, inc(1, 5));
    }

    /** An addition without a result creates an absent counter with the step, and otherwise adds. */
    @Test
    public void add_ofAnyCounter_addsLikeInc() {
        backend.add(NAMESPACE, KEY, 5);
        assertValue(5);
        backend.add(NAMESPACE, KEY, -3);
        assertValue(2);
        backend.add(NAMESPACE, KEY, 0);
        assertValue(2);
        assertEquals(4, inc(2, 1_000));
    }

    /** An addition of 0 creates an absent counter. */
    @Test
    public void add_ofZeroToAnAbsentCounter_createsIt() {
        backend.add(NAMESPACE, KEY, 0);
        assertValue(0);
    }

    /** Set creates an absent counter, also with the value 0. */
    @Test
    public void set_ofAnAbsentCounter_createsIt() {
        assertEquals(0, backend.set(NAMESPACE, KEY, 0));
        assertValue(0);
        backend.delete(NAMESPACE, KEY);
        assertEquals(42, backend.set(NAMESPACE, KEY, 42));
        assertValue(42);
    }

    /** Set replaces the value. */
    @Test
    public void set_ofAPresentCounter_replacesItsValue() {
        inc(5, 10);
        assertEquals(3, backend.set(NAMESPACE, KEY, 3));
        assertValue(3);
        assertEquals(4, inc(1, 0));
    }

    /** Reset creates an absent counter with the initial value. */
    @Test
    public void reset_ofAnAbsentCounter_createsIt() {
        assertEquals(8, backend.reset(NAMESPACE, KEY, 8));
        assertValue(8);
    }

    /** Reset sets a counter to the initial value; it stays present, also with the value 0. */
    @Test
    public void reset_ofAPresentCounter_replacesItsValue() {
        inc(5, 10);
        assertEquals(8, backend.reset(NAMESPACE, KEY, 8));
        assertValue(8);
        assertEquals(0, backend.reset(NAMESPACE, KEY, 0));
        assertValue(0);
    }

    /** Deleting a counter that is absent succeeds and creates nothing. */
    @Test
    public void delete_ofAnAbsentCounter_succeeds() {
        backend.delete(NAMESPACE, KEY);
        assertAbsent();
        inc(1, 0);
        backend.delete(NAMESPACE, KEY);
        backend.delete(NAMESPACE, KEY);
        assertAbsent();
    }

    /**
     * A deleted counter is absent and its value discarded; the next addition creates a new one from its initial value.
     */
    @Test
    public void delete_ofAPresentCounter_removesItWithItsValue() {
        inc(5, 10);
        backend.delete(NAMESPACE, KEY);
        assertAbsent();
        assertEquals(101, inc(1, 100));
    }

    /** Deleting a counter leaves the others as they are. */
    @Test
    public void delete_ofOneCounter_leavesTheOthers() {
        backend.set(NAMESPACE, "one", 1);
        backend.set(NAMESPACE, "two", 2);
        backend.set(NAMESPACE, "three", 3);
        backend.delete(NAMESPACE, "two");
        assertEquals(Map.of("one", 1L, "three", 3L), backend.getAll(NAMESPACE));
    }

    /** Take returns the value and removes the counter; the next addition creates a new one from its initial value. */
    @Test
    public void take_ofAPresentCounter_removesItWithItsValue() {
        backend.set(NAMESPACE, "another", 1);
        inc(5, 10);
        assertEquals(OptionalLong.of(15), backend.take(NAMESPACE, KEY));
        assertEquals(Map.of("another", 1L), backend.getAll(NAMESPACE));
        assertEquals(100, inc(0, 100));
        backend.set(NAMESPACE, KEY, 0);
        assertEquals("at zero", OptionalLong.of(0), backend.take(NAMESPACE, KEY));
        assertEquals("the other one", OptionalLong.of(1), backend.take(NAMESPACE, "another"));
        assertAbsent();
    }

    /** Take of an absent counter returns empty and does not create it. */
    @Test
    public void take_ofAnAbsentCounter_isEmpty() {
        assertEquals(OptionalLong.empty(), backend.take(NAMESPACE, KEY));
        assertAbsent();
        inc(1, 0);
        backend.take(NAMESPACE, KEY);
        assertEquals("again", OptionalLong.empty(), backend.take(NAMESPACE, KEY));
        assertAbsent();
    }

    /** A merged value is added to a counter; an absent one is created with it, also with 0. */
    @Test
    public void merge_ofAnyCounter_addsLikeInc() {
        backend.merge(NAMESPACE, KEY, 0);
        assertValue(0);
        backend.merge(NAMESPACE, KEY, 5);
        backend.merge(NAMESPACE, KEY, 6);
        assertValue(11);
        backend.merge(NAMESPACE, KEY, -4);
        assertValue(7);
    }

    /** A counter with the expected value is set to the new one. */
    @Test
    public void compareAndSwap_ofTheExpectedValue_swaps() {
        backend.set(NAMESPACE, KEY, 5);
        assertEquals(new CasResult(true, 9), compareAndSwap(5, 9));
        assertValue(9);
        assertEquals("by the same value", new CasResult(true, 9), compareAndSwap(9, 9));
        assertEquals("to zero", new CasResult(true, 0), compareAndSwap(9, 0));
        assertEquals("from zero", new CasResult(true, 7), compareAndSwap(0, 7));
        assertValue(7);
    }

    /** A counter with another value keeps it, and the result contains it. */
    @Test
    public void compareAndSwap_ofAnotherValue_returnsIt() {
        backend.set(NAMESPACE, KEY, 5);
        assertEquals(new CasResult(false, 5), compareAndSwap(4, 9));
        assertEquals("expected the value of an absent counter", new CasResult(false, 5), compareAndSwap(0, 9));
        assertEquals("expected the new value", new CasResult(false, 5), compareAndSwap(9, 9));
        assertValue(5);
    }

    /** An absent counter is compared as 0: it is created if 0 is expected. */
    @Test
    public void compareAndSwap_ofAnAbsentCounterExpectingZero_createsIt() {
        assertEquals(new CasResult(true, 9), compareAndSwap(0, 9));
        assertValue(9);
        backend.delete(NAMESPACE, KEY);
        assertEquals("with zero", new CasResult(true, 0), compareAndSwap(0, 0));
        assertValue(0);
    }

    /**
     * An absent counter is compared as 0: any other expected value is a mismatch that returns 0 and creates nothing.
     */
    @Test
    public void compareAndSwap_ofAnAbsentCounterExpectingAnother_createsNothing() {
        assertEquals(new CasResult(false, 0), compareAndSwap(5, 9));
        assertAbsent();
        assertEquals("the initial value is still applied", 11, inc(1, 10));
    }

    /** Random calls have the same results and effects as on the model, which computes with big integers. */
    @Test
    public void calls_inAnyOrder_equalTheModel() {
        assertLikeTheModel(4);
    }

    private long inc(long step, long initial) {
        return backend.inc(NAMESPACE, KEY, step, initial);
    }

    private CasResult compareAndSwap(long expected, long newValue) {
        return backend.compareAndSwap(NAMESPACE, KEY, expected, newValue);
    }
}
