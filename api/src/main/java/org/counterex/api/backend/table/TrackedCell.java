package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Fast cell that notifies a listener after it has changed, for a backend that writes values elsewhere: the cost of writing is then
 * proportional to the number of changed counters, not to the number of counters.
 *
 * <p><b>Invariant.</b> When an addition returns, it is contained in the value that the last {@link #readAndTrack} returned, or the
 * listener that was passed to that call was notified. An adder adds first and then checks for a listener; {@code readAndTrack} sets the
 * listener first and then reads the value. The later of the two sees what the other has done.
 *
 * <p>A listener is removed only after it was notified, so an adder that finds none knows that it was notified by another thread: if
 * it were removed first, an addition could return before the notification. It is removed by compare-and-set, so that a late
 * thread does not remove the next one. Therefore each call of {@code readAndTrack} requires a new listener.
 *
 * <p>Between two such calls the listener is notified once, or by several threads at the same moment: an addition reads one field more
 * than in a {@link LongCell}, next to the value. A sealed cell has no listener, as handles may keep it for long.
 */
public final class TrackedCell extends WordCell {

    /** Listener for changes of a cell. */
    public interface DirtyListener {

        /**
         * Called after a cell has changed, by the thread that changed it; must not block. If it throws, the next change is notified
         * again.
         */
        void onDirty(TrackedCell cell);
    }

    private static final VarHandle LISTENER;

    static {
        try {
            LISTENER = MethodHandles.lookup().findVarHandle(TrackedCell.class, "listener", DirtyListener.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Receives the next change; null if a change was notified and the value has not been read since. */
    private volatile DirtyListener listener;

    /** Creates a cell with the value 0, which has no listener before the first {@link #readAndTrack}. */
    public TrackedCell(String key) {
        super(key);
    }

    @Override
    public long inc(long step) {
        long result = addAndGet(step);
        DirtyListener present = listener;
        if (present != null) {
            notifyDirty(present);
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
        DirtyListener present = listener;
        if (present != null) {
            notifyDirty(present);
        }
        return met;
    }

    private void notifyDirty(DirtyListener present) {
        present.onDirty(this);
        LISTENER.compareAndSet(this, present, (DirtyListener) null);
    }

    /**
     * Returns the value as {@link #get} does, and sets the listener for the next change after it.
     *
     * @param next a listener that was never passed to this cell before
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
