package org.counterex.itest;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions, looking every millisecond, to a deadline. */
final class Await {

    private static final long DEADLINE_S = 60;

    private Await() {}

    /**
     * Waits until something is so.
     *
     * @param last what to report if it does not become so
     * @throws AssertionError the deadline has passed
     */
    static void until(BooleanSupplier condition, Supplier<String> last) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + DEADLINE_S + " s: " + last.get());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
