package org.counterex.registry.provider;

import static org.junit.Assert.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;

/** Calls that do not come back before they are released; interrupts do not impress them. */
final class Hang implements PlainBackend.Fault {

    private static final long LONGEST_S = 15;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final BiPredicate<String, String> which;

    /** @param which operations and keys */
    Hang(BiPredicate<String, String> which) {
        this.which = which;
    }

    static Hang in(String operation) {
        return new Hang((op, key) -> op.equals(operation));
    }

    static Hang in(String operation, String key) {
        return new Hang((op, on) -> op.equals(operation) && on.equals(key));
    }

    @Override
    public void befall(String operation, String key) {
        if (which.test(operation, key)) {
            entered.countDown();
            hold(released);
        }
    }

    /** Waits for the first call that hangs. */
    void awaitCall() throws InterruptedException {
        assertTrue("no call came to hang", entered.await(LONGEST_S, TimeUnit.SECONDS));
    }

    boolean hasCall() {
        return entered.getCount() == 0;
    }

    void release() {
        released.countDown();
    }

    private static void hold(CountDownLatch latch) {
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_S);
        for (long left; (left = end - System.nanoTime()) > 0; ) {
            try {
                if (latch.await(left, TimeUnit.NANOSECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
