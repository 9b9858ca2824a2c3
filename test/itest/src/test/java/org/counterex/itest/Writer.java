package org.counterex.itest;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.counterex.api.Counters;
import org.counterex.api.NoBackendException;

/** Thread of {@link Writers} that makes random calls without pause. */
final class Writer extends Thread {

    private final Supplier<Counters> service;
    private final boolean mayStop;
    private final boolean additionsOnly;
    private final Random random;
    private final Ledger ledger = new Ledger();
    private final AtomicLong calls = new AtomicLong();

    private volatile boolean closed;
    private volatile Throwable failure;

    Writer(Supplier<Counters> service, boolean mayStop, boolean additionsOnly, Random random) {
        super("writer");
        this.service = service;
        this.mayStop = mayStop;
        this.additionsOnly = additionsOnly;
        this.random = random;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            while (!closed) {
                Counters counters = service.get();
                if (counters == null) {
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
                } else {
                    count(counters);
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e;
            ledger.problem(this + " failed: " + e);
        }
    }

    /** Counts until this writer is closed or the service has stopped. */
    private void count(Counters counters) {
        Calls randomCalls = new Calls(counters, random, additionsOnly, ledger);
        try {
            while (!closed) {
                randomCalls.next();
                calls.lazySet(calls.getPlain() + 1);
            }
        } catch (NoBackendException e) {
            if (!mayStop) {
                throw e;
            }
            // By contract nothing was counted; the final comparison verifies it.
        }
    }

    long calls() {
        return calls.get();
    }

    /** Returns what ended the thread before it was closed, or null. */
    Throwable failure() {
        return failure;
    }

    /** Returns the record of this thread. To be called after it has ended. */
    Ledger ledger() {
        return ledger;
    }

    void close() {
        closed = true;
    }
}
