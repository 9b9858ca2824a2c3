package org.counterex.api.backend.table;

/**
 * One number that can be sealed. See the package for what that is for.
 *
 * <p><b>Words and results.</b> Every method that reads or adds answers with a <em>raw</em> result, which one comparison
 * sorts into three:
 *
 * <ul>
 *   <li>{@link #isFastResult ordinary}, within 2^61 of zero: done, and this is the value;
 *   <li>{@link #isSealed gone}, below -2^62: nothing was done, the counter is to be looked for again;
 *   <li>anything else: done, and the value is right (unless it is {@link #APPLIED_UNREAD}, which means that it has to be
 *       read), but the cell has come to the end of what its kind holds and a {@link WideCell} should take over.
 * </ul>
 *
 * <p>A fast cell adds first and looks at the result afterwards. Its mark lies in the middle of the zone below -2^62, so
 * that what late adders leave in a sealed word, steps of at most 2^31, never leads out of the zone: that would take 2^30
 * of them. For the same reason no number of threads can drive an unsealed word from 2^61, where it is to be widened,
 * past 2^62.
 */
public abstract sealed class Cell permits KeyedCell, SlotCell {

    /** Raw result: sealed, or nothing this kind of cell can do. Nothing was done. */
    public static final long SEALED = Long.MIN_VALUE;

    /** Raw result of an addition: done, but the value has to be read. No cell ever holds this number raw. */
    public static final long APPLIED_UNREAD = 1L << 62;

    /** What sealing leaves in a fast cell. */
    static final long SEAL_MARK = -3L << 61;

    /** Ordinary values are -2^61..2^61-1. */
    private static final long FAST_RANGE = 1L << 61;

    /** Values that a change by compare-and-set may leave in a fast cell; see {@link #compareAndExchange}. */
    private static final long HEADROOM = 1L << 60;

    Cell() {}

    /** Whether a raw result is a value with nothing more to be done. */
    public static boolean isFastResult(long raw) {
        return raw + FAST_RANGE >>> 62 == 0;
    }

    /** Whether a raw result says that nothing was done. Of the ordinary values none does. */
    public static boolean isSealed(long raw) {
        return raw < -APPLIED_UNREAD;
    }

    /** Whether a step can be added by {@link #inc} and {@link #add} of a fast cell. */
    public static boolean isSmallStep(long step) {
        return step == (int) step;
    }

    /** Whether a fast cell may be given this value, with room for any additions beside it: within 2^60 of zero. */
    public static boolean hasHeadroom(long value) {
        return value + HEADROOM >>> 61 == 0;
    }

    /**
     * Adds a step that is {@link #isSmallStep small}, and tells the value.
     *
     * @return a raw result
     */
    public abstract long inc(long step);

    /**
     * Adds a step that is {@link #isSmallStep small}. Never slower than {@link #inc}.
     *
     * @return a raw result that is ordinary, {@link #APPLIED_UNREAD} or gone; if it is ordinary it need not be the value
     */
    public abstract long add(long step);

    /**
     * The value, or {@link #SEALED}. Here every other number is a value, whatever {@link #isSealed} makes of it.
     */
    public abstract long get();

    /**
     * Gives the cell a value if it has the expected one, where this kind of cell can do so atomically and hold the
     * result with room to spare; otherwise the holder of the key lock has to do it in another way.
     *
     * @return the value that was met, {@code expected} if it was exchanged; or {@link #SEALED}
     */
    abstract long compareAndExchange(long expected, long value);

    /**
     * Whether a fast cell can take over what this one is sealed with next: the value is {@link #hasHeadroom comfortable},
     * and no number of threads adds so much, in steps of at most 2^31, before it is sealed that it would leave what fast
     * cells hold. The value of a wide cell may jump, so of that nothing can be said beforehand. For the holder of the key
     * lock.
     */
    public final boolean fitsFast() {
        return !(this instanceof WideCell) && hasHeadroom(get());
    }

    /**
     * Takes the final value and leaves the mark. For the holder of the key lock.
     *
     * @return the final value, or {@link #SEALED} if the cell was sealed before
     */
    public abstract long seal();
}
