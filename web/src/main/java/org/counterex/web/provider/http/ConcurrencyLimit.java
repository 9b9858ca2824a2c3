package org.counterex.web.provider.http;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Limit on the number of concurrent requests that need much memory or time or, if the client reads slowly, a thread for
 * long. A request counts until its response is sent; further ones are rejected with 503. Thread-safe.
 */
public final class ConcurrencyLimit {

    private final int max;
    private final Semaphore permits;

    public ConcurrencyLimit(int max) {
        this.max = max;
        permits = new Semaphore(max);
    }

    /** Work of a request, including sending its response. */
    @FunctionalInterface
    public interface Work {

        /** Does the work. */
        void run() throws IOException;
    }

    /** @throws HttpError the limit is reached */
    public void run(Work work) throws IOException {
        if (!permits.tryAcquire()) {
            throw HttpError.unavailable("too many concurrent requests of this kind, try again later: max=" + max);
        }
        try {
            work.run();
        } finally {
            permits.release();
        }
    }
}
