package org.counterex.registry.provider;

import static org.junit.Assert.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;

/** Fault that blocks calls until they are released, regardless of interrupts. */
final class Hang implements PlainBackend.Fault {

    private static final long TIMEOUT_S = 15;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final BiPredicate<String, String> selected;

    /** @param selected the operations and keys that block */
    Hang(BiPredicate<String, String> selected) {
        this.selected = selected;
    }

    static Hang in(String operation) {
        return new Hang((op, key) -> op.equals(operation));
    }

    static Hang in(String operation, String key) {
        return new Hang((op, on) -> op.equals(operation) && on.equals(key));
    }

    @Override
    public void inject(String operation, String key) {
        if (selected.test(operation, key)) {
            entered.countDown();
            awaitUninterruptibly(released);
        }
    }

    /** Waits until the first call blocks. */
    void awaitCall() throws InterruptedException {
        assertTrue("no call was blocked", entered.await(TIMEOUT_S, TimeUnit.SECONDS));
    }

    boolean hasCall() {
        return entered.getCount() == 0;
    }

    void release() {
        released.countDown();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
        for (long remaining; (remaining = end - System.nanoTime()) > 0; ) {
            try {
                if (latch.await(remaining, TimeUnit.NANOSECONDS)) {
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
