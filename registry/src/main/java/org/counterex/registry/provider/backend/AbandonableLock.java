package org.counterex.registry.provider.backend;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.StampedLock;

/**
 * Read-write lock of one stripe of the keys of a namespace, which can be abandoned while its holder is blocked in a
 * backend.
 *
 * <p><b>Use.</b> Sealing, inserting, removing or transferring a counter requires the lock <em>exclusively</em>; a call
 * into a backend without tables that is the only store of the namespace requires it <em>shared</em>. On tables it is
 * held for nanoseconds. A call into a backend without tables may hang; the lock is then <em>abandoned</em>, the
 * namespace replaces it by a new one, and the hanging call is notified by an exception when it returns.
 *
 * <p><b>States.</b> {@code FREE}: no exclusive holder. {@code HELD}: the exclusive holder changes state of the
 * registry, which is short, and cannot be abandoned. {@code IN_BACKEND}: the exclusive holder calls a backend without
 * tables. {@code ABANDONED} is final.
 *
 * <p><b>Invariant.</b> Abandoning is a compare-and-set from {@code FREE} (there are only shared holders) or {@code
 * IN_BACKEND}; returning from the backend is a compare-and-set from {@code IN_BACKEND}. So a holder either finds that
 * the lock was abandoned before it changes anything, or can no longer be abandoned.
 */
public final class AbandonableLock {

    /** Thrown to a lock holder that returns from a backend after its lock was abandoned. */
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
     * Acquires the lock exclusively.
     *
     * @return a stamp, or 0 if the timeout elapsed or the lock is abandoned
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
     * Acquires the lock shared.
     *
     * @return a stamp, or 0 if the timeout elapsed or the lock is abandoned
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
                long remaining = Math.max(0, deadline - System.nanoTime());
                try {
                    return exclusive
                            ? lock.tryWriteLock(remaining, TimeUnit.NANOSECONDS)
                            : lock.tryReadLock(remaining, TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true; // an interrupt must not cause a lost count
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
     * Marks that a holder of the lock is about to call a backend without tables.
     *
     * @return whether the caller is the exclusive holder
     */
    public boolean enterBackend() {
        // Read first: saves the shared holders, which are the common case, an atomic instruction.
        return state.get() == HELD && state.compareAndSet(HELD, IN_BACKEND);
    }

    /**
     * Marks that a holder of the lock has returned from a backend without tables.
     *
     * @param exclusive the result of {@link #enterBackend}
     * @throws AbandonedException the lock was abandoned; the caller must not change anything
     */
    public void exitBackend(boolean exclusive) {
        if (exclusive ? !state.compareAndSet(IN_BACKEND, HELD) : isAbandoned()) {
            throw new AbandonedException();
        }
    }

    /** Sets the action to run if the exclusive holder is abandoned; null for none. Called by the exclusive holder. */
    public void onAbandon(Runnable action) {
        onAbandon = action;
    }

    /** Abandons this lock for good, provided that its holders are calls into backends without tables only. */
    public boolean abandon() {
        if (state.compareAndSet(IN_BACKEND, ABANDONED)) {
            if (onAbandon != null) {
                onAbandon.run();
            }
            return true;
        }
        return state.compareAndSet(FREE, ABANDONED);
    }

    /** Returns whether the lock is held, and by calls into backends without tables only. */
    public boolean isInBackend() {
        return state.get() == IN_BACKEND || state.get() == FREE && lock.isReadLocked();
    }

    /** Returns whether the lock has any holder. */
    boolean isHeld() {
        return lock.isReadLocked() || lock.isWriteLocked();
    }

    public boolean isAbandoned() {
        return state.get() == ABANDONED;
    }
}
