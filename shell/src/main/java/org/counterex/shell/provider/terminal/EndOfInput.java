package org.counterex.shell.provider.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The end of a stream, for which one can wait. What is in the stream is thrown away. */
public final class EndOfInput {

    private final CountDownLatch ended = new CountDownLatch(1);

    /** Begins to read, in a daemon thread: nothing but reading tells that a stream ends, and a read cannot be stopped. */
    public EndOfInput(InputStream in) {
        Thread reader = new Thread(() -> drain(in), "counterex-watch-input");
        reader.setDaemon(true);
        reader.start();
    }

    private void drain(InputStream in) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // a stream that fails has ended
        }
        ended.countDown();
    }

    /** @return false if it did not end within the time */
    public boolean within(long milliseconds) throws InterruptedException {
        return ended.await(milliseconds, TimeUnit.MILLISECONDS);
    }
}
