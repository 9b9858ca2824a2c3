package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Fast cell that notifies a listener of its first change after a read, for a backend that persists values: the cost of
 * a write then depends on the number of changed counters, not on the number of counters.
 *
 * <p><b>Invariant.</b> When an addition returns, it is in the value that the last {@link #readAndTrack} returned, or
 * the listener set by that call has been notified. An addition changes the value first and then reads the listener;
 * {@code readAndTrack} sets the listener first and then reads the value. So the later of the two sees the effect of the
 * other.
 *
 * <p>A listener is removed only after it was notified, so a thread that finds none knows that another thread has
 * completed the notification; if it were removed first, an addition could return before the notification for it. It is
 * removed by compare-and-set, so that a delayed removal does not remove its successor. Therefore each call sets a
 * listener of its own.
 *
 * <p>Between two reads the listener is notified once, or by several threads at the same moment. An addition reads one
 * field more than in a {@link LongCell}, next to the value. A sealed cell has no listener, because handles may retain
 * the cell for long.
 */
public final class TrackedCell extends WordCell {

    /** Receiver of the notification that a cell has changed. */
    public interface DirtyListener {

        /**
         * Receives a cell that has changed. Called by the thread that changed it, without any lock of the cell; must
         * not block. If it throws, the next change is notified again.
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

    /** The listener to notify of the next change; null if it was notified since the last read. */
    private volatile @Nullable DirtyListener listener;

    /** Creates a cell with the value 0, without a listener until the first {@link #readAndTrack}. */
    public TrackedCell(String key) {
        super(key);
    }

    @Override
    public long inc(long step) {
        long result = addAndGet(step);
        DirtyListener current = listener;
        if (current != null) {
            notifyDirty(current);
        }
        return result;
    }

    @Override
    public long add(long step) {
        return inc(step);
    }

    @Override
    long compareAndExchange(long expected, long newValue) {
        long found = super.compareAndExchange(expected, newValue);
        DirtyListener current = listener;
        if (current != null) {
            notifyDirty(current);
        }
        return found;
    }

    private void notifyDirty(DirtyListener current) {
        current.onDirty(this);
        LISTENER.compareAndSet(this, current, (DirtyListener) null);
    }

    /**
     * Returns the value as {@link #get} does, and sets the listener to notify of the next change after it.
     *
     * @param next a listener that this cell never had before
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
