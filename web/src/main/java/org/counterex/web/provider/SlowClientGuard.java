package org.counterex.web.provider;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * Ends what a client sends or takes so slowly that it only holds a thread: after ten seconds it has to have moved eight
 * kilobytes for every second. (The server itself ends a connection on which nothing moves at all.)
 */
final class SlowClientGuard extends FilterInputStream {

    private static final long GRACE_MS = 10_000;
    private static final long BYTES_PER_MS = 8;

    private final Clock clock = new Clock();

    SlowClientGuard(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        clock.moved(1);
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        clock.moved(Math.max(0, read));
        return read;
    }

    /** The same for what a client takes. */
    static final class Out extends FilterOutputStream {

        private static final int CHUNK = 16 * 1024;

        private final Clock clock = new Clock();

        Out(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int at = offset; at < offset + length; at += CHUNK) {
                int chunk = Math.min(CHUNK, offset + length - at);
                out.write(bytes, at, chunk);
                clock.moved(chunk);
            }
        }
    }

    private static final class Clock {

        private final long begin = System.nanoTime();
        private long bytes;

        void moved(int more) throws IOException {
            bytes += more;
            long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            if (ms > GRACE_MS + bytes / BYTES_PER_MS) {
                throw new InterruptedIOException("client is too slow");
            }
        }
    }
}
