package org.counterex.web.provider;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * What goes over all counters of a namespace takes time and memory: only a few such requests run at a time, until their
 * answer is sent, and others are told to come again. Thread-safe.
 */
final class Scans {

    static final int AT_A_TIME = 4;

    private final Semaphore permits = new Semaphore(AT_A_TIME);

    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /** @throws Refusal there are too many already */
    void run(Work work) throws IOException {
        if (!permits.tryAcquire()) {
            throw Refusal.busy("too many requests that read whole namespaces, try again: at a time=" + AT_A_TIME);
        }
        try {
            work.run();
        } finally {
            permits.release();
        }
    }
}
