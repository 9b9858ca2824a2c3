package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A cell for many writers: once they contend, each adds to a stripe of its own.
 *
 * <p><b>Layout.</b> One base and, after the first lost race for it, an array of stripes; the value is their sum. A thread
 * finds its stripe by its id. The idea is that of {@code java.util.concurrent.atomic.Striped64} (Doug Lea); what is added
 * here is the seal.
 *
 * <p><b>Sealing</b> freezes step by step: first the reference to the stripes, so that none appear later; then the base and
 * every stripe, each by the same get-and-set as in any fast cell. What an adder reached before his stripe was frozen is
 * in the final value; who comes later meets the mark. The successor is published only afterwards, so nobody can see an
 * addition there that depends on one that is missing here.
 *
 * <p><b>Bounds.</b> A stripe that leaves 2^55 of zero asks for a successor that folds all into one number, and so does a
 * base that leaves 2^60. With at most 64 stripes the sum stays well within 2^62.
 *
 * <p><b>Reads</b> sum the parts one after the other and may miss additions that run meanwhile; without any they are exact.
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

    /** LAYOUT: stripes lie 128 bytes apart, so that no two share a cache line, nor the pair that is fetched together. */
    private static final int SPACING = 16;

    private static final int COUNT = stripeCount(Runtime.getRuntime().availableProcessors());

    private static final long STRIPE_BOUND = 1L << 55;

    /** What freezing puts in the place of stripes that never were. */
    private static final long[] FROZEN = new long[0];

    private volatile long base;
    private volatile long[] stripes;

    /** A cell with the value 0. */
    public StripedCell(String key) {
        super(key);
    }

    private static int stripeCount(int processors) {
        int wanted = Math.min(64, Math.max(4, 2 * processors));
        return Integer.highestOneBit(2 * wanted - 1);
    }

    /** Both ways are short and meet no call, so that neither pays for registers that a call would have saved. */
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

    /** After a lost race for the base, at the end of its range, or after sealing. */
    private long addElsewhere(long step) {
        if (stripes == null) {
            long before = base;
            if (isSealed(before)) {
                return SEALED;
            }
            if (!hasHeadroom(before + step)) {
                return BASE.compareAndSet(this, before, before + step) ? APPLIED_UNREAD : addElsewhere(step);
            }
            // Whoever loses this race as well meets the stripes of another, or FROZEN.
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
        boolean gone = isSealed(sum);
        if (array != null) {
            for (int i = SPACING; i < array.length && !gone; i += SPACING) {
                long stripe = (long) STRIPE.getVolatile(array, i);
                gone = isSealed(stripe);
                sum += stripe;
            }
        }
        return gone ? SEALED : sum;
    }

    /** Always {@link #SEALED}: to compare a striped value it has to be sealed first. */
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
        stripes = null; // sealing a new cell has frozen them
        base = first;
    }
}
