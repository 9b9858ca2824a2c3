package org.counterex.console.provider;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What commands print to standard error where nobody sits: kept for the one line that is printed if the command fails.
 *
 * <p><b>Threads.</b> Any.
 */
final class CommandErrors extends ByteArrayOutputStream {

    private static final int MAX_BYTES = 64 << 10;

    @Override
    public synchronized void write(int b) {
        if (count < MAX_BYTES) {
            super.write(b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        super.write(bytes, offset, Math.min(length, MAX_BYTES - count));
    }

    /** What was printed since this was asked last, up to a limit. */
    synchronized String take() {
        String text = toString(StandardCharsets.UTF_8);
        reset();
        return text;
    }
}
