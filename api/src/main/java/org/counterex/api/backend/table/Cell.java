package org.counterex.api.backend.table;

/**
 * Memory of one counter: a number that can be sealed, see the description of the package.
 *
 * <p><b>Raw results.</b> Every method that reads or adds returns a <em>raw</em> result of one of three kinds, each of
 * which is recognized by one comparison:
 *
 * <ul>
 *   <li>{@linkplain #isFastResult ordinary}, within 2^61 of zero: applied, and the result is the value;
 *   <li>{@linkplain #isSealed sealed}, below -2^62: not applied, the counter has to be looked up again;
 *   <li>any other: applied, and the result is the value unless it is {@link #APPLIED_UNREAD}, in which case the value
 *       has to be read. The cell is at the limit of its kind and a {@link WideCell} should replace it.
 * </ul>
 *
 * <p>A fast cell adds first and examines the result afterwards. Its seal mark lies in the middle of the zone below
 * -2^62, so late additions to a sealed word, each of at most 2^31, cannot leave the zone: that would take 2^30 of them.
 * For the same reason no number of threads can drive an unsealed word from 2^61, where it is to be replaced, past 2^62.
 */
public abstract sealed class Cell permits KeyedCell, SlotCell {

    /** Raw result: the cell is sealed, or its kind does not support the operation. Nothing was done. */
    public static final long SEALED = Long.MIN_VALUE;

    /** Raw result of an addition: applied, but the value has to be read. No cell ever holds this number. */
    public static final long APPLIED_UNREAD = 1L << 62;

    /** The mark that sealing leaves in a fast cell. */
    static final long SEAL_MARK = -3L << 61;

    /** Limit of ordinary values: -2^61..2^61-1. */
    private static final long FAST_RANGE = 1L << 61;

    /** Limit of the values that a compare-and-set may store in a fast cell; see {@link #compareAndExchange}. */
    private static final long HEADROOM = 1L << 60;

    Cell() {}

    /** Returns whether a raw result is ordinary: the value, with nothing left to do. */
    public static boolean isFastResult(long raw) {
        return raw + FAST_RANGE >>> 62 == 0;
    }

    /** Returns whether a raw result is sealed: nothing was done. No ordinary value is. */
    public static boolean isSealed(long raw) {
        return raw < -APPLIED_UNREAD;
    }

    /** Returns whether a step is small enough for {@link #inc} and {@link #add} of a fast cell. */
    public static boolean isSmallStep(long step) {
        return step == (int) step;
    }

    /** Returns whether a fast cell may be set to a value, with room for concurrent additions: within 2^60 of zero. */
    public static boolean hasHeadroom(long value) {
        return value + HEADROOM >>> 61 == 0;
    }

    /**
     * Adds a {@linkplain #isSmallStep small} step and returns the value after it.
     *
     * @return a raw result
     */
    public abstract long inc(long step);

    /**
     * Adds a {@linkplain #isSmallStep small} step. Never slower than {@link #inc}.
     *
     * @return a raw result that is ordinary, {@link #APPLIED_UNREAD} or sealed; an ordinary one need not be the value
     */
    public abstract long add(long step);

    /**
     * Returns the value, or {@link #SEALED}. Unlike for other raw results, every other number is a value, also below
     * -2^62.
     */
    public abstract long get();

    /**
     * Sets the cell to a value if it has the expected one, if this kind of cell supports that atomically and has
     * headroom for the value; otherwise the holder of the key lock has to replace the cell.
     *
     * @return the value found, {@code expected} if it was exchanged; or {@link #SEALED}
     */
    abstract long compareAndExchange(long expected, long value);

    /**
     * Returns whether a fast cell can hold the value that the next sealing of this cell returns. This is so if the
     * value {@linkplain #hasHeadroom has headroom}: concurrent additions before the sealing, each of at most 2^31,
     * cannot use it up. A wide cell may be set to any value meanwhile, so it never fits. For the holder of the key
     * lock.
     */
    public final boolean fitsFast() {
        return !(this instanceof WideCell) && hasHeadroom(get());
    }

    /**
     * Seals the cell: returns the final value and leaves the seal mark, atomically. For the holder of the key lock.
     *
     * @return the final value, or {@link #SEALED} if the cell was sealed already
     */
    public abstract long seal();
}
