package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Cell for many concurrent writers, which add to different stripes once they contend.
 *
 * <p><b>Layout.</b> One base and, after the first lost race for it, an array of stripes; the value is their sum. A
 * thread selects its stripe by its id. The design follows {@code java.util.concurrent.atomic.Striped64} (Doug Lea) and
 * adds the seal.
 *
 * <p><b>Sealing</b> proceeds part by part: first the reference to the stripes, so that none appear later; then the base
 * and every stripe, each by the same get-and-set as in any fast cell. An addition to a stripe before it was sealed is
 * in the final value; a later one finds the mark. The successor is published only afterwards, so no thread can observe
 * an addition there that depends on one missing here.
 *
 * <p><b>Bounds.</b> A stripe beyond 2^55 of zero, or a base beyond 2^60, requires a successor that combines all into
 * one number. With at most 64 stripes the sum stays well within 2^62.
 *
 * <p><b>Reads</b> sum the parts one after the other and may miss concurrent additions; without any they are exact.
 */
public final class StripedCell extends KeyedCell {

    private static final VarHandle BASE;
    private static final VarHandle STRIPES;
    private static final VarHandle STRIPE = MethodHandles.arrayElementVarHandle(long[].class);

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            BASE = lookup.findVarHandle(StripedCell.class, "base", long.class);
            STRIPES = lookup.findVarHandle(StripedCell.class, "stripes", long[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * LAYOUT: stripes are 128 bytes apart, so that no two share a cache line or a pair of lines that is prefetched
     * together.
     */
    private static final int SPACING = 16;

    private static final int COUNT = stripeCount(Runtime.getRuntime().availableProcessors());

    private static final long STRIPE_BOUND = 1L << 55;

    /** Stored by sealing in place of stripes that were never created. */
    private static final long[] FROZEN = new long[0];

    private volatile long base;
    private volatile long[] stripes;

    /** Creates a cell with the value 0. */
    public StripedCell(String key) {
        super(key);
    }

    private static int stripeCount(int processors) {
        int atLeast = Math.min(64, Math.max(4, 2 * processors));
        return Integer.highestOneBit(2 * atLeast - 1);
    }

    /** Both fast paths are short and without calls, so that the compiler saves no registers for them. */
    @Override
    public long add(long step) {
        long[] array = stripes;
        if (array == null) {
            long before = base;
            if (hasHeadroom(before + step) && BASE.compareAndSet(this, before, before + step)) {
                return 0;
            }
        } else {
            int index = (1 + ((int) Thread.currentThread().getId() & COUNT - 1)) * SPACING;
            if (index < array.length) {
                long result = (long) STRIPE.getAndAdd(array, index, step) + step;
                return result + STRIPE_BOUND >>> 56 == 0 ? 0 : isSealed(result) ? SEALED : APPLIED_UNREAD;
            }
        }
        return addElsewhere(step);
    }

    /** Adds after a lost race for the base, at the end of its range, or after sealing. */
    private long addElsewhere(long step) {
        if (stripes == null) {
            long before = base;
            if (isSealed(before)) {
                return SEALED;
            }
            if (!hasHeadroom(before + step)) {
                return BASE.compareAndSet(this, before, before + step) ? APPLIED_UNREAD : addElsewhere(step);
            }
            // A thread that loses this race too finds the stripes of another one, or FROZEN.
            STRIPES.compareAndSet(this, null, new long[(COUNT + 1) * SPACING]);
        }
        return stripes == FROZEN ? SEALED : add(step);
    }

    @Override
    public long inc(long step) {
        long done = add(step);
        if (done != 0) {
            return done;
        }
        long sum = get();
        return isFastResult(sum) ? sum : APPLIED_UNREAD;
    }

    @Override
    public long get() {
        long sum = base;
        long[] array = stripes;
        boolean sealed = isSealed(sum);
        if (array != null) {
            for (int i = SPACING; i < array.length && !sealed; i += SPACING) {
                long stripe = (long) STRIPE.getVolatile(array, i);
                sealed = isSealed(stripe);
                sum += stripe;
            }
        }
        return sealed ? SEALED : sum;
    }

    /** Returns {@link #SEALED} always: a striped value can be compared only after sealing. */
    @Override
    long compareAndExchange(long expected, long newValue) {
        return SEALED;
    }

    @Override
    public long seal() {
        STRIPES.compareAndSet(this, null, FROZEN);
        long sum = (long) BASE.getAndSet(this, SEAL_MARK);
        if (isSealed(sum)) {
            return SEALED;
        }
        long[] array = stripes;
        for (int i = SPACING; i < array.length; i += SPACING) {
            sum += (long) STRIPE.getAndSet(array, i, SEAL_MARK);
        }
        return sum;
    }

    @Override
    public void init(long first) {
        stripes = null; // sealing a new cell has set them to FROZEN
        base = first;
    }
}
