package org.counterex.api.backend;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A fast cell that tells when it has changed, for a backend that writes values elsewhere: what a write costs is then in
 * proportion to what has changed, and not to what there is.
 *
 * <p><b>Invariant.</b> Whatever was added is in the value that the next {@link #take} returns, or its tracker has been told
 * of a change after the last one. An adder adds first and looks whether there is a tracker to tell afterwards; {@code take}
 * puts the tracker there first and reads the value afterwards. Whoever is later sees what the other did.
 *
 * <p>Between two takes the tracker is told once: an addition reads one field more than in a {@link LongCell}, and that lies
 * beside the value.
 */
public final class TrackedCell extends WordCell {

    /** Who wants to know. */
    public interface Tracker {

        /** A cell has changed. Called by whoever changed it, without any lock of the cell; must not wait or fail. */
        void changed(TrackedCell cell);
    }

    private static final VarHandle TRACKER;

    static {
        try {
            TRACKER = MethodHandles.lookup().findVarHandle(TrackedCell.class, "tracker", Tracker.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whom to tell of the next change; null if the last one was told and not yet taken. */
    private volatile Tracker tracker;

    /** A cell with the value 0, of which nobody is told before the first {@link #take}. */
    public TrackedCell(String key) {
        super(key);
    }

    @Override
    public long inc(long step) {
        long result = stepped(step);
        if (tracker != null) {
            tell();
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
        if (tracker != null) {
            tell();
        }
        return met;
    }

    private void tell() {
        Tracker told = (Tracker) TRACKER.getAndSet(this, (Tracker) null);
        if (told != null) {
            told.changed(this);
        }
    }

    /**
     * The value as in {@link #get}, and whom to tell of the next change after it.
     */
    public long take(Tracker next) {
        tracker = next;
        return get();
    }
}
