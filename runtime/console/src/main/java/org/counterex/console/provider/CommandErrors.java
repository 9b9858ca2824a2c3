package org.counterex.console.provider;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bounded buffer of the standard error output of a non-interactive command, from which the failure message is taken.
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

    /** Returns the output since the last call, up to a limit, and clears the buffer. */
    synchronized String take() {
        String text = toString(StandardCharsets.UTF_8);
        reset();
        return text;
    }
}
