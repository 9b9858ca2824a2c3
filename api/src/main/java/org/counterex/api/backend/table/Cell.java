package org.counterex.api.backend.table;

/**
 * Number that can be sealed; see the package description.
 *
 * <p><b>Raw results.</b> Every method that reads or adds returns a <em>raw</em> result, which one comparison sorts into three kinds:
 *
 * <ul>
 *   <li>{@linkplain #isFastResult fast}, within 2^61 of zero: applied, and this is the value;
 *   <li>{@linkplain #isSealed sealed}, below -2^62: nothing was done, and the counter has to be looked up again;
 *   <li>any other: applied, and this is the value (unless it is {@link #APPLIED_UNREAD}, which means that the value has to be read),
 *       but the cell has reached the end of its range and a {@link WideCell} should replace it.
 * </ul>
 *
 * <p>A fast cell adds first and looks at the result afterwards. Its mark lies in the middle of the zone below -2^62, so
 * that what late adders leave in a sealed word, steps of at most 2^31, never leads out of the zone: that would take 2^30
 * of them. For the same reason no number of threads can drive an unsealed word from 2^61, where it is to be widened,
 * past 2^62.
 */
public abstract sealed class Cell permits KeyedCell, SlotCell {

    /** Raw result: the cell is sealed, or this kind of cell does not support the operation. Nothing was done. */
    public static final long SEALED = Long.MIN_VALUE;

    /** Raw result of an addition: applied, but the value has to be read. No cell ever holds this number. */
    public static final long APPLIED_UNREAD = 1L << 62;

    /** Content of a sealed fast cell. */
    static final long SEAL_MARK = -3L << 61;

    /** Fast results are -2^61..2^61-1. */
    private static final long FAST_RANGE = 1L << 61;

    /** Bound of the values that a compare-and-set may leave in a fast cell; see {@link #compareAndExchange}. */
    private static final long HEADROOM = 1L << 60;

    Cell() {}

    /** Returns whether a raw result is the value, with nothing left to do. */
    public static boolean isFastResult(long raw) {
        return raw + FAST_RANGE >>> 62 == 0;
    }

    /** Returns whether a raw result says that nothing was done; never true for a fast result. */
    public static boolean isSealed(long raw) {
        return raw < -APPLIED_UNREAD;
    }

    /** Returns whether a step can be added by {@link #inc} and {@link #add} of a fast cell. */
    public static boolean isSmallStep(long step) {
        return step == (int) step;
    }

    /** Returns whether a fast cell may be set to a value, with room for concurrent additions: within 2^60 of zero. */
    public static boolean hasHeadroom(long value) {
        return value + HEADROOM >>> 61 == 0;
    }

    /**
     * Adds a {@linkplain #isSmallStep small} step and returns the value.
     *
     * @return a raw result
     */
    public abstract long inc(long step);

    /**
     * Adds a {@linkplain #isSmallStep small} step. Never slower than {@link #inc}.
     *
     * @return a raw result that is fast, {@link #APPLIED_UNREAD} or sealed; a fast one need not be the value
     */
    public abstract long add(long step);

    /**
     * Returns the value, or {@link #SEALED}. Every other number is a value here, also if {@link #isSealed} is true for it.
     */
    public abstract long get();

    /**
     * Sets the cell to a value if it has the expected one, provided that this kind of cell can do so atomically and has headroom
     * for the result; otherwise the holder of the key lock has to replace the cell.
     *
     * @return the value that was found, {@code expected} if it was exchanged; or {@link #SEALED}
     */
    abstract long compareAndExchange(long expected, long value);

    /**
     * Returns whether a fast cell can take over the value with which this one is sealed next: the value {@linkplain #hasHeadroom has
     * headroom}, and no number of threads can add so much before the seal, in steps of at most 2^31, that it would leave the range
     * of fast cells. The value of a wide cell may jump, so it cannot be predicted. For the holder of the key lock.
     */
    public final boolean fitsFast() {
        return !(this instanceof WideCell) && hasHeadroom(get());
    }

    /**
     * Seals the cell and returns its final value. For the holder of the key lock.
     *
     * @return the final value, or {@link #SEALED} if the cell was sealed before
     */
    public abstract long seal();
}
