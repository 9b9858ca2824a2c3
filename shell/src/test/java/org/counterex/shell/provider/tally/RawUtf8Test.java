package org.counterex.shell.provider.tally;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.counterex.api.CounterNames;
import org.junit.Test;

public class RawUtf8Test {

    /** Bytes that start, continue and break sequences, and those that encode U+EF80..U+EFFF. */
    private static final int[] BYTES = {
        'a', 0x7F, 0x80, 0x9F, 0xA0, 0xBE, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEE, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF
    };

    @Test
    public void text_wellFormed_isDecodedAsUsual() {
        for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
            boolean unreserved = (c < 0xD800 || c > 0xDFFF) && (c < 0xEF80 || c > 0xEFFF);
            if (unreserved) {
                String text = Character.toString(c) + "x";
                assertEquals(text, decode(text.getBytes(UTF_8)));
            }
        }
    }

    @Test
    public void bytes_invalidUtf8_becomePrivateUseCharacters() {
        assertEquals("caf\uEFE9", decode(bytes('c', 'a', 'f', 0xE9)));
        assertEquals("truncated", "\uEFE2\uEF82", decode(bytes(0xE2, 0x82)));
        assertEquals("overlong form of /", "\uEFC0\uEFAF", decode(bytes(0xC0, 0xAF)));
        assertEquals("a surrogate", "\uEFED\uEFA0\uEF80", decode(bytes(0xED, 0xA0, 0x80)));
        assertEquals("beyond Unicode", "\uEFF4\uEF90\uEF80\uEF80", decode(bytes(0xF4, 0x90, 0x80, 0x80)));
        assertEquals("reserved character", "\uEFEE\uEFBE\uEF80", decode("\uEF80".getBytes(UTF_8)));
    }

    @Test
    public void bytes_random_areDecodedInjectively() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(8)];
            for (int b = 0; b < bytes.length; b++) {
                bytes[b] = (byte) BYTES[random.nextInt(BYTES.length)];
            }
            String text = decode(bytes);
            assertTrue("seed=" + seed + " " + Arrays.toString(bytes), bytes.length == 0 || CounterNames.isValid(text));
            assertArrayEquals("seed=" + seed + " " + Arrays.toString(bytes), bytes, encode(text));
        }
    }

    /** Inverse of the decoder: its existence shows that no two inputs give the same text. */
    private static byte[] encode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(c -> {
            if (c >= 0xEF80 && c <= 0xEFFF) {
                bytes.write(c);
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    private static String decode(byte[] bytes) {
        return RawUtf8.decode(bytes, bytes.length);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
