package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Fast cell in one slot of a {@code long[]}: an addition is one fetch-and-add. The object is only a view, and any
 * number of them may refer to the same slot. The static methods do the same without an object.
 */
public final class SlotCell extends Cell {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] slots;
    private final int index;
    private final boolean signed;

    /**
     * Creates a view of a slot.
     *
     * @param signed whether the slot holds negative values
     */
    public SlotCell(long[] slots, int index, boolean signed) {
        this.slots = slots;
        this.index = index;
        this.signed = signed;
    }

    /** Adds to a slot as {@link #inc(long)} does. */
    public static long inc(long[] slots, int index, boolean signed, long step) {
        // An unsigned value must not be negative even for a moment: left to compare-and-set.
        return signed || step >= 0 ? (long) SLOT.getAndAdd(slots, index, step) + step : SEALED;
    }

    /** Returns the value of a slot as {@link #get()} does. */
    public static long get(long[] slots, int index) {
        long raw = (long) SLOT.getVolatile(slots, index);
        return isSealed(raw) ? SEALED : raw;
    }

    /** Returns a new array of slots, all of them sealed. */
    public static long[] sealed(int count) {
        long[] slots = new long[count];
        Arrays.fill(slots, SEAL_MARK);
        return slots;
    }

    /**
     * Sets the first value of a slot, which {@linkplain #fitsFast a fast cell can hold}. For the holder of the key
     * lock, on a slot that has been sealed since its creation.
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
        // An expected value in the zone of the mark could equal the mark itself.
        long found = isSealed(expected)
                ? (long) SLOT.getVolatile(slots, index)
                : (long) SLOT.compareAndExchange(slots, index, expected, newValue);
        return isSealed(found) ? SEALED : found;
    }

    @Override
    public long seal() {
        long last = (long) SLOT.getAndSet(slots, index, SEAL_MARK);
        return isSealed(last) ? SEALED : last;
    }
}
