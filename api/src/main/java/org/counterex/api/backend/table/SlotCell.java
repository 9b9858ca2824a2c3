package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A fast cell that is one slot of a {@code long[]}: one fetch-and-add for an addition. The object is only a view; any
 * number of them may stand for the same slot. The static methods do the same without an object.
 */
public final class SlotCell extends Cell {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] slots;
    private final int index;
    private final boolean signed;

    /** @param signed whether values below 0 are held */
    public SlotCell(long[] slots, int index, boolean signed) {
        this.slots = slots;
        this.index = index;
        this.signed = signed;
    }

    /** {@link #inc} of a slot. */
    public static long inc(long[] slots, int index, boolean signed, long step) {
        // An unsigned value that would go below 0 must not do so even for a moment: left to compare-and-set.
        return signed || step >= 0 ? (long) SLOT.getAndAdd(slots, index, step) + step : SEALED;
    }

    /** {@link #get} of a slot. */
    public static long get(long[] slots, int index) {
        long raw = (long) SLOT.getVolatile(slots, index);
        return isSealed(raw) ? SEALED : raw;
    }

    /** New slots, all of them sealed. */
    public static long[] sealed(int count) {
        long[] slots = new long[count];
        Arrays.fill(slots, SEAL_MARK);
        return slots;
    }

    /**
     * Gives a slot its first value, which {@linkplain #fitsFast a fast cell can hold}. For the holder of the key lock, on a
     * slot that has been sealed since it was made and only keeps a place.
     */
    public static void init(long[] slots, int index, long value) {
        SLOT.setVolatile(slots, index, value);
    }

    @Override
    public long inc(long step) {
        return inc(slots, index, signed, step);
    }

    @Override
    public long add(long step) {
        return inc(slots, index, signed, step);
    }

    @Override
    public long get() {
        return get(slots, index);
    }

    @Override
    long compareAndExchange(long expected, long newValue) {
        if (!hasHeadroom(newValue)) {
            return SEALED;
        }
        // An expectation in the zone of the mark would match the mark itself.
        long met = isSealed(expected)
                ? (long) SLOT.getVolatile(slots, index)
                : (long) SLOT.compareAndExchange(slots, index, expected, newValue);
        return isSealed(met) ? SEALED : met;
    }

    @Override
    public long seal() {
        long last = (long) SLOT.getAndSet(slots, index, SEAL_MARK);
        return isSealed(last) ? SEALED : last;
    }
}
