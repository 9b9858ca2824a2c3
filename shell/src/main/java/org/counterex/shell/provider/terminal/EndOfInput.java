package org.counterex.shell.provider.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Awaitable end of an input stream whose content is discarded. */
public final class EndOfInput {

    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * Starts to read in a daemon thread: only reading detects the end of a stream, and a blocked read cannot be
     * cancelled.
     */
    public EndOfInput(InputStream in) {
        Thread reader = new Thread(() -> drain(in), "counterex-watch-input");
        reader.setDaemon(true);
        reader.start();
    }

    private void drain(InputStream in) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A stream that fails has ended.
        }
        ended.countDown();
    }

    /** @return false if the stream did not end within the time */
    public boolean within(long milliseconds) throws InterruptedException {
        return ended.await(milliseconds, TimeUnit.MILLISECONDS);
    }
}
