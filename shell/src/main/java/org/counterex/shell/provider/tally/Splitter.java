package org.counterex.shell.provider.tally;

import java.util.Arrays;

/**
 * Cuts a stream of bytes into lines, words or fields, none of them empty. It never holds more than the longest token
 * that is wanted, however long a line is. Not thread-safe.
 *
 * <p>A line ends with a line feed; a carriage return before that belongs to the end. A word is a maximal run of bytes
 * other than the six white-space characters of ASCII, so words are what {@code tr -s '[:space:]' '\n'} makes of a file in
 * any encoding. A field is the n-th word of its line.
 */
public final class Splitter {

    /** Where the tokens go. */
    interface Sink {

        void token(String token);

        /** A token had more bytes than are wanted. */
        void tooLong();
    }

    private static final int SMALLEST = 4096;

    private final boolean words;
    private final long field;
    private final int longest;
    private final Sink sink;

    private byte[] token = new byte[SMALLEST];
    private int length;
    private boolean tooLong;
    private long wordsOfLine;

    private Splitter(boolean words, long field, int longest, Sink sink) {
        this.words = words;
        this.field = field;
        this.longest = longest;
        this.sink = sink;
    }

    /** @param longest in bytes */
    public static Splitter lines(int longest, Sink sink) {
        return new Splitter(false, 0, longest, sink);
    }

    /** @param longest in bytes */
    public static Splitter words(int longest, Sink sink) {
        return new Splitter(true, 0, longest, sink);
    }

    /**
     * @param field counts from 1
     * @param longest in bytes
     */
    public static Splitter fields(long field, int longest, Sink sink) {
        return new Splitter(true, field, longest, sink);
    }

    /** Takes the next bytes of the stream. */
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
        int longer = length + end - begin;
        // one more than the longest, for the carriage return at the end of a line
        if (tooLong || longer > longest + 1) {
            tooLong = true;
            return;
        }
        if (longer > token.length) {
            token = Arrays.copyOf(token, Math.min(longest + 1, Math.max(longer, 2 * token.length)));
        }
        System.arraycopy(bytes, begin, token, length, end - begin);
        length = longer;
    }

    /** Ends the token at the end of the stream. */
    void end() {
        if (!words && length > 0 && token[length - 1] == '\r') {
            length--;
        }
        if (tooLong || length > 0) {
            wordsOfLine++;
            if (field == 0 || field == wordsOfLine) {
                if (tooLong || length > longest) {
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
