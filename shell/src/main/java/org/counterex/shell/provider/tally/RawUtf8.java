package org.counterex.shell.provider.tally;

import java.nio.charset.StandardCharsets;

/**
 * UTF-8 decoding that never fails and never makes one text of two: different bytes give different strings, so what is
 * counted apart by bytes is counted apart here, whatever the encoding of a file really is.
 *
 * <p>A byte that is not part of a well-formed sequence becomes the private-use character U+EF00 + byte, which lies in
 * U+EF80..U+EFFF. A well-formed sequence for one of just those characters is taken as three such bytes.
 */
final class RawUtf8 {

    private static final int RAW = 0xEF00;
    /** The lowest code point that may take a lead byte and so many further ones. */
    private static final int[] LOWEST = {0, 0x80, 0x800, 0x10000};

    private RawUtf8() {}

    static String decode(byte[] bytes, int length) {
        int signs = 0;
        for (int i = 0; i < length; i++) {
            signs |= bytes[i];
        }
        if (signs >= 0) {
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; ) {
            int further = further(bytes[i]);
            int c = further < length - i ? codePoint(bytes, i, further) : -1;
            if (c < 0) {
                text.append((char) (RAW | bytes[i++] & 0xFF));
            } else {
                text.appendCodePoint(c);
                i += 1 + further;
            }
        }
        return text.toString();
    }

    /** How many bytes follow a first one; for one that cannot be first, any number but 0. */
    private static int further(byte lead) {
        return lead >= 0 ? 0 : Math.max(1, Integer.numberOfLeadingZeros(~lead << 24) - 1);
    }

    /** The code point of the sequence at an index; -1 if it is not well-formed, or one that stands for a raw byte. */
    private static int codePoint(byte[] bytes, int at, int further) {
        if (further == 0) {
            return bytes[at];
        }
        if (further > 3 || (bytes[at] & 0xC0) != 0xC0) {
            return -1;
        }
        int c = bytes[at] & 0x3F >> further;
        for (int i = 1; i <= further; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return -1;
            }
            c = c << 6 | bytes[at + i] & 0x3F;
        }
        boolean wellFormed = c >= LOWEST[further] && c <= Character.MAX_CODE_POINT && (c < 0xD800 || c > 0xDFFF);
        boolean standsForRawByte = c >= RAW + 0x80 && c <= RAW + 0xFF;
        return wellFormed && !standsForRawByte ? c : -1;
    }
}
