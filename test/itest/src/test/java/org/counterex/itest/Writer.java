package org.counterex.itest;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.counterex.api.Counters;
import org.counterex.api.NoBackendException;

/** One of the {@link Writers}: calls at random, as fast as it can. */
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
            ledger.problem(this + " met " + e);
        }
    }

    /** Counts until it is closed, or the service has stopped. */
    private void count(Counters counters) {
        Calls mix = new Calls(counters, random, additionsOnly, ledger);
        try {
            while (!closed) {
                mix.next();
                calls.lazySet(calls.getPlain() + 1);
            }
        } catch (NoBackendException e) {
            if (!mayStop) {
                throw e;
            }
            // Nothing was counted, says the exception; what it says is found true or false in the end.
        }
    }

    long calls() {
        return calls.get();
    }

    /** What ended the thread before it was closed; null if nothing did. */
    Throwable failure() {
        return failure;
    }

    /** What this thread has done; to be asked for when it has ended. */
    Ledger ledger() {
        return ledger;
    }

    void close() {
        closed = true;
    }
}
