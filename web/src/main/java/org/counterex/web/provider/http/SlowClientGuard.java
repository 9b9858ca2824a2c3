package org.counterex.web.provider.http;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * Input stream that fails if a client sends so slowly that it merely occupies a thread: after a grace period of ten
 * seconds, the average must be at least eight kilobytes per second. (The server itself closes a connection without any
 * traffic.)
 */
final class SlowClientGuard extends FilterInputStream {

    private static final long GRACE_MS = 10_000;
    private static final long BYTES_PER_MS = 8;

    private final Progress progress = new Progress();

    SlowClientGuard(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        progress.transferred(1);
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        progress.transferred(Math.max(0, read));
        return read;
    }

    /** Output stream with the same limit for clients that read. */
    static final class Out extends FilterOutputStream {

        private static final int CHUNK = 16 * 1024;

        private final Progress progress = new Progress();

        Out(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int at = offset; at < offset + length; at += CHUNK) {
                int chunk = Math.min(CHUNK, offset + length - at);
                out.write(bytes, at, chunk);
                progress.transferred(chunk);
            }
        }
    }

    private static final class Progress {

        private final long start = System.nanoTime();
        private long bytes;

        void transferred(int more) throws IOException {
            bytes += more;
            long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            if (ms > GRACE_MS + bytes / BYTES_PER_MS) {
                throw new InterruptedIOException("client is too slow");
            }
        }
    }
}
