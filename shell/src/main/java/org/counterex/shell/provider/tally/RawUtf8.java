package org.counterex.shell.provider.tally;

import java.nio.charset.StandardCharsets;

/**
 * Injective UTF-8 decoder that accepts any input: different byte sequences give different strings, so that tokens that
 * differ in their bytes are counted separately, whatever the actual encoding of the file is.
 *
 * <p>A byte that is not part of a well-formed sequence becomes the private-use character U+EF00 + byte, in the range
 * U+EF80..U+EFFF. A well-formed sequence for a character of that range is decoded as three such bytes.
 */
final class RawUtf8 {

    private static final int RAW = 0xEF00;
    /** Lowest code point that may be encoded with a given number of continuation bytes. */
    private static final int[] MIN_CODE_POINT = {0, 0x80, 0x800, 0x10000};

    private RawUtf8() {}

    static String decode(byte[] bytes, int length) {
        int allBits = 0;
        for (int i = 0; i < length; i++) {
            allBits |= bytes[i];
        }
        if (allBits >= 0) {
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; ) {
            int continuation = continuationBytes(bytes[i]);
            int c = continuation < length - i ? codePoint(bytes, i, continuation) : -1;
            if (c < 0) {
                text.append((char) (RAW | bytes[i++] & 0xFF));
            } else {
                text.appendCodePoint(c);
                i += 1 + continuation;
            }
        }
        return text.toString();
    }

    /** Returns the number of continuation bytes after a lead byte; for a byte that cannot be one, any number but 0. */
    private static int continuationBytes(byte lead) {
        return lead >= 0 ? 0 : Math.max(1, Integer.numberOfLeadingZeros(~lead << 24) - 1);
    }

    /** Returns the code point of the sequence at an index, or -1 if it is not well-formed or represents a raw byte. */
    private static int codePoint(byte[] bytes, int at, int continuation) {
        if (continuation == 0) {
            return bytes[at];
        }
        if (continuation > 3 || (bytes[at] & 0xC0) != 0xC0) {
            return -1;
        }
        int c = bytes[at] & 0x3F >> continuation;
        for (int i = 1; i <= continuation; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return -1;
            }
            c = c << 6 | bytes[at + i] & 0x3F;
        }
        boolean wellFormed =
                c >= MIN_CODE_POINT[continuation] && c <= Character.MAX_CODE_POINT && (c < 0xD800 || c > 0xDFFF);
        boolean standsForRawByte = c >= RAW + 0x80 && c <= RAW + 0xFF;
        return wellFormed && !standsForRawByte ? c : -1;
    }
}
