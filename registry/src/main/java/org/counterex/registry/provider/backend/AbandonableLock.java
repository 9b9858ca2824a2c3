package org.counterex.registry.provider.backend;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.StampedLock;

/**
 * The lock of all keys of a namespace that fall into one stripe.
 *
 * <p>Held <em>exclusively</em> by whoever seals, inserts, removes or hands over; held <em>shared</em> by calls into a plain
 * backend that is the only home of the namespace. On tables it is held for some nanoseconds. A call into a plain backend
 * may hang, so this lock can be <em>abandoned</em>: the namespace goes on with a new one, and the call that hangs learns
 * it when it comes back.
 *
 * <p>States of an exclusive holder: {@code FREE} (none), {@code INSIDE} (it changes things of ours: it will not be long, and
 * nobody can abandon it), {@code ABROAD} (it calls a plain backend), and {@code ABANDONED}, which is final. Abandoning is
 * a compare-and-set from {@code FREE} (only shared holders) or {@code ABROAD}; coming back is one from {@code ABROAD}. So
 * either the holder learns that it was abandoned before it touches anything, or it cannot be abandoned.
 */
public final class AbandonableLock {

    /** Thrown to who comes back from a plain backend and finds that the namespace has gone on without it. */
    public static final class AbandonedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        AbandonedException() {
            super("abandoned", null, false, false);
        }
    }

    private static final int FREE = 0;
    private static final int HELD = 1;
    private static final int IN_BACKEND = 2;
    private static final int ABANDONED = 3;

    private final StampedLock lock = new StampedLock();
    private final AtomicInteger state = new AtomicInteger(FREE);
    private volatile Runnable onAbandon;

    /**
     * Waits for exclusive access.
     *
     * @return a stamp, or 0 if it could not be had in time or the stripe is abandoned
     */
    public long acquireExclusive(long timeoutMs) {
        long stamp = lock.tryWriteLock();
        if (stamp == 0) {
            stamp = tryTimed(true, timeoutMs);
        }
        if (stamp != 0 && !state.compareAndSet(FREE, HELD)) {
            lock.unlockWrite(stamp);
            return 0;
        }
        return stamp;
    }

    /**
     * Waits for shared access.
     *
     * @return a stamp, or 0 if it could not be had in time or the stripe is abandoned
     */
    public long acquireShared(long timeoutMs) {
        long stamp = lock.tryReadLock();
        if (stamp == 0) {
            stamp = tryTimed(false, timeoutMs);
        }
        if (stamp != 0 && isAbandoned()) {
            lock.unlockRead(stamp);
            return 0;
        }
        return stamp;
    }

    private long tryTimed(boolean exclusive, long timeoutMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        boolean interrupted = false;
        try {
            for (; ; ) {
                long left = Math.max(0, deadline - System.nanoTime());
                try {
                    return exclusive
                            ? lock.tryWriteLock(left, TimeUnit.NANOSECONDS)
                            : lock.tryReadLock(left, TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true; // a count is not lost because somebody wants the thread to end
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public void release(long stamp) {
        if (StampedLock.isWriteLockStamp(stamp)) {
            state.compareAndSet(HELD, FREE);
        }
        lock.unlock(stamp);
    }

    /**
     * Before a holder calls a plain backend.
     *
     * @return whether it is the exclusive holder: nobody else can be inside
     */
    public boolean enterBackend() {
        // Looked at first: for shared holders, who are many, that spares an atomic instruction.
        return state.get() == HELD && state.compareAndSet(HELD, IN_BACKEND);
    }

    /**
     * After a holder has called a plain backend.
     *
     * @param exclusive what {@link #enterBackend} has said
     * @throws AbandonedException the namespace has gone on without it; it may not touch anything
     */
    public void exitBackend(boolean exclusive) {
        if (exclusive ? !state.compareAndSet(IN_BACKEND, HELD) : isAbandoned()) {
            throw new AbandonedException();
        }
    }

    /** For the exclusive holder: what is to be put right if it does not come back; null if nothing is. */
    public void onAbandon(Runnable remedy) {
        this.onAbandon = remedy;
    }

    /** Gives this lock up for good if it is held by calls into plain backends only. */
    public boolean abandon() {
        if (state.compareAndSet(IN_BACKEND, ABANDONED)) {
            if (onAbandon != null) {
                onAbandon.run();
            }
            return true;
        }
        return state.compareAndSet(FREE, ABANDONED);
    }

    /** Whether calls into plain backends, and nobody else, hold this lock. */
    public boolean isInBackend() {
        return state.get() == IN_BACKEND || state.get() == FREE && lock.isReadLocked();
    }

    /** Whether anybody is still inside. */
    boolean isHeld() {
        return lock.isReadLocked() || lock.isWriteLocked();
    }

    public boolean isAbandoned() {
        return state.get() == ABANDONED;
    }
}
