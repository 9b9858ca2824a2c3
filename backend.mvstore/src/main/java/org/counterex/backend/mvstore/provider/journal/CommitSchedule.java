package org.counterex.backend.mvstore.provider.journal;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Monitor by which callers request commits of a {@link Journal} and wait for them. Commits are numbered; a caller waits
 * for the first one that begins after its request, and shares it with all other callers that wait at the time.
 */
final class CommitSchedule {

    /** The longest time between two checks whether the journal is alive. */
    private static final long CHECK_MS = 1_000;

    /** Numbers of commits: the last that was requested, that has begun, that has ended, that has succeeded. */
    private long requested;

    private long begun;
    private long ended;
    private long succeeded;
    private boolean closing;

    /**
     * Requests a commit and waits for its end. An interrupt does not end the wait, since what was counted must be
     * written; it is restored afterwards.
     *
     * @param isRunning whether the journal will carry commits out
     * @param isClean whether no changes are left to be written, asked if the journal is no longer running
     * @return whether all changes before this call are on disk
     */
    boolean awaitCommit(BooleanSupplier isRunning, BooleanSupplier isClean) {
        boolean interrupted = false;
        boolean done;
        synchronized (this) {
            long mine = begun + 1;
            requested = Math.max(requested, mine);
            notifyAll();
            while (ended < mine && isRunning.getAsBoolean()) {
                try {
                    wait(CHECK_MS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            done = succeeded >= mine || !isRunning.getAsBoolean() && succeeded == begun && isClean.getAsBoolean();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return done;
    }

    /**
     * Waits until the next commit is due: it was requested, the interval has elapsed, or the journal is being closed.
     *
     * @return whether it is the last one
     */
    synchronized boolean awaitDue(long intervalMs) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(intervalMs);
        while (!closing && requested <= begun) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                break;
            }
            try {
                wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
            } catch (InterruptedException e) {
                break; // the thread is private to the journal, so that only a framework that ends interrupts it
            }
        }
        begun++;
        return closing;
    }

    /** Ends the commit that has begun. */
    synchronized void onEnd(boolean success) {
        ended = begun;
        succeeded = success ? begun : succeeded;
        notifyAll();
    }

    /** Makes the next commit the last one. */
    synchronized void close() {
        closing = true;
        notifyAll();
    }
}
