package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Fast cell in one slot of a {@code long[]}: an addition is one fetch-and-add. The object is only a view; any number of objects
 * may refer to the same slot. The static methods do the same without an object.
 */
public final class SlotCell extends Cell {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] slots;
    private final int index;
    private final boolean signed;

    /** @param signed whether values below 0 are allowed */
    public SlotCell(long[] slots, int index, boolean signed) {
        this.slots = slots;
        this.index = index;
        this.signed = signed;
    }

    /** Does what {@link #inc} does, on a slot. */
    public static long inc(long[] slots, int index, boolean signed, long step) {
        // An unsigned value must not fall below 0 even for a moment: left to compare-and-set.
        return signed || step >= 0 ? (long) SLOT.getAndAdd(slots, index, step) + step : SEALED;
    }

    /** Does what {@link #get} does, on a slot. */
    public static long get(long[] slots, int index) {
        long raw = (long) SLOT.getVolatile(slots, index);
        return isSealed(raw) ? SEALED : raw;
    }

    /** Creates slots, all of them sealed. */
    public static long[] sealed(int count) {
        long[] slots = new long[count];
        Arrays.fill(slots, SEAL_MARK);
        return slots;
    }

    /**
     * Sets a slot to its first value, which {@linkplain #fitsFast a fast cell can hold}. For the holder of the key lock, on a slot
     * that has been sealed since it was created and only reserves its place.
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
        // An expected value in the zone of the seal mark could match the mark itself.
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
