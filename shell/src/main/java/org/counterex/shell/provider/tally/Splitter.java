package org.counterex.shell.provider.tally;

import java.util.Arrays;

/**
 * Incremental splitter of a byte stream into non-empty lines, words or fields. Its memory is bounded by the maximum
 * token length, whatever the length of a line. Not thread-safe.
 *
 * <p>A line ends with a line feed; a carriage return before it is part of the line end. A word is a maximal run of
 * bytes other than the six ASCII white-space characters, as in {@code tr -s '[:space:]' '\n'}, in any encoding. A field
 * is the n-th word of its line.
 */
public final class Splitter {

    /** Receiver of the tokens. */
    interface Sink {

        /** Receives a token. */
        void token(String token);

        /** Reports a token that exceeds the maximum length. */
        void tooLong();
    }

    private static final int INITIAL_SIZE = 4096;

    private final boolean words;
    private final long field;
    private final int maxLength;
    private final Sink sink;

    private byte[] token = new byte[INITIAL_SIZE];
    private int length;
    private boolean tooLong;
    private long wordsOfLine;

    private Splitter(boolean words, long field, int maxLength, Sink sink) {
        this.words = words;
        this.field = field;
        this.maxLength = maxLength;
        this.sink = sink;
    }

    /** @param maxLength in bytes */
    public static Splitter lines(int maxLength, Sink sink) {
        return new Splitter(false, 0, maxLength, sink);
    }

    /** @param maxLength in bytes */
    public static Splitter words(int maxLength, Sink sink) {
        return new Splitter(true, 0, maxLength, sink);
    }

    /**
     * @param field index of the word in its line, from 1
     * @param maxLength in bytes
     */
    public static Splitter fields(long field, int maxLength, Sink sink) {
        return new Splitter(true, field, maxLength, sink);
    }

    /** Consumes the next bytes of the stream. */
    void feed(byte[] bytes, int count) {
        int begin = 0;
        for (int i = 0; i < count; i++) {
            byte b = bytes[i];
            if (b <= ' ' && (b == '\n' || words && (b == ' ' || b >= '\t' && b <= '\r'))) {
                append(bytes, begin, i);
                begin = i + 1;
                end();
                if (b == '\n') {
                    wordsOfLine = 0;
                }
            }
        }
        append(bytes, begin, count);
    }

    private void append(byte[] bytes, int begin, int end) {
        int newLength = length + end - begin;
        // One byte more than the maximum, for the carriage return at the end of a line.
        if (tooLong || newLength > maxLength + 1) {
            tooLong = true;
            return;
        }
        if (newLength > token.length) {
            token = Arrays.copyOf(token, Math.min(maxLength + 1, Math.max(newLength, 2 * token.length)));
        }
        System.arraycopy(bytes, begin, token, length, end - begin);
        length = newLength;
    }

    /** Completes the current token; to be called at the end of the stream. */
    void end() {
        if (!words && length > 0 && token[length - 1] == '\r') {
            length--;
        }
        if (tooLong || length > 0) {
            wordsOfLine++;
            if (field == 0 || field == wordsOfLine) {
                if (tooLong || length > maxLength) {
                    sink.tooLong();
                } else {
                    sink.token(RawUtf8.decode(token, length));
                }
            }
        }
        length = 0;
        tooLong = false;
    }
}
