package org.counterex.itest;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Polling for conditions, every millisecond until a deadline. */
final class Await {

    private static final long DEADLINE_S = 60;

    private Await() {}

    /**
     * Waits until a condition is true.
     *
     * @param last supplies the last state for the failure message
     * @throws AssertionError if the deadline passes
     */
    static void until(BooleanSupplier condition, Supplier<String> last) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("timed out after " + DEADLINE_S + " s: " + last.get());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
