package org.counterex.web.provider;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Requests that take memory, time or, by a client that reads slowly, a thread: only a few run at a time, until their answer is
 * sent, and others are told to come again. Thread-safe.
 */
final class ConcurrencyLimit {

    private final int atATime;
    private final Semaphore permits;

    ConcurrencyLimit(int atATime) {
        this.atATime = atATime;
        permits = new Semaphore(atATime);
    }

    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /** @throws HttpError there are too many already */
    void run(Work work) throws IOException {
        if (!permits.tryAcquire()) {
            throw HttpError.busy("too many such requests, try again: at a time=" + atATime);
        }
        try {
            work.run();
        } finally {
            permits.release();
        }
    }
}
