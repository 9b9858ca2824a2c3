package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A fast cell that tells when it has changed, for a backend that writes values elsewhere: what a write costs is then in
 * proportion to what has changed, and not to what there is.
 *
 * <p><b>Invariant.</b> When an addition returns, it is in the value that the last {@link #readAndTrack} returned, or the
 * tracker that was given to that take has been told. An adder adds first and looks whether there is a tracker to tell
 * afterwards; {@code take} puts the tracker there first and reads the value afterwards. Whoever is later sees what the other
 * did.
 *
 * <p>A tracker is removed only after it was told, so who finds none knows that it was, though by somebody else: if it were
 * removed first, an addition could return while the one that is to tell of it is still on its way. And it is removed by
 * compare-and-set, so that who comes late with that does not remove the next one. Therefore each take brings a new tracker.
 *
 * <p>Between two takes the tracker is told once, or by a few at the same moment: an addition reads one field more than in a
 * {@link LongCell}, and that lies beside the value. A sealed cell has no tracker: handles may keep it for long.
 */
public final class TrackedCell extends WordCell {

    /** Who wants to know. */
    public interface DirtyListener {

        /**
         * A cell has changed. Called by whoever changed it, without any lock of the cell; must not wait. Should it fail, the
         * next change is told again.
         */
        void onDirty(TrackedCell cell);
    }

    private static final VarHandle TRACKER;

    static {
        try {
            TRACKER = MethodHandles.lookup().findVarHandle(TrackedCell.class, "listener", DirtyListener.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whom to tell of the next change; null if the last one was told and not yet taken. */
    private volatile DirtyListener listener;

    /** A cell with the value 0, of which nobody is told before the first {@link #readAndTrack}. */
    public TrackedCell(String key) {
        super(key);
    }

    @Override
    public long inc(long step) {
        long result = addAndGet(step);
        DirtyListener told = listener;
        if (told != null) {
            notifyDirty(told);
        }
        return result;
    }

    @Override
    public long add(long step) {
        return inc(step);
    }

    @Override
    long compareAndExchange(long expected, long newValue) {
        long met = super.compareAndExchange(expected, newValue);
        DirtyListener told = listener;
        if (told != null) {
            notifyDirty(told);
        }
        return met;
    }

    private void notifyDirty(DirtyListener told) {
        told.onDirty(this);
        TRACKER.compareAndSet(this, told, (DirtyListener) null);
    }

    /**
     * The value as in {@link #get}, and whom to tell of the next change after it.
     *
     * @param next one that this cell was never given before
     */
    public long readAndTrack(DirtyListener next) {
        listener = next;
        long value = get();
        if (value == SEALED) {
            listener = null;
        }
        return value;
    }

    @Override
    public long seal() {
        long last = super.seal();
        listener = null;
        return last;
    }
}
