package org.counterex.web.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.Test;

public class JsonReaderTest {

    private static final Set<String> MEMBERS = Set.of("a", "b");

    @Test
    public void objects_ofTextsAndNumbers_areReadExactly() throws IOException {
        assertEquals(
                Map.of("a", "9223372036854775807", "b", "\"\\/\b\f\n\r\t\u00e9\uD83D\uDE00"),
                read(
                        " { \"a\" : 9223372036854775807 ,\r\n\t\"b\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\ud83d\\uDE00\" } "));
        assertEquals(Map.of(), read("{}"));
        assertEquals(Map.of("a", "-0"), read("{\"a\":-0}"));
    }

    @Test
    public void anythingElse_isRefusedWithItsPlace() {
        for (String wrong : List.of(
                "",
                " ",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":1 \"b\":2}",
                "[]",
                "1",
                "\"\"",
                "null",
                "{\"a\":null}",
                "{\"a\":true}",
                "{\"a\":[]}",
                "{\"a\":{}}",
                "{\"a\":1.0}",
                "{\"a\":1e1}",
                "{\"a\":+1}",
                "{\"a\":01}",
                "{\"a\":-}",
                "{\"a\":\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u00g0\"}",
                "{\"a\":1}{}",
                "{\"a\":1}x",
                "{'a':1}",
                "{a:1}",
                "{\"a\":1,\"a\":1}",
                "{\"c\":1}",
                "{\"a\":1}//",
                "\uFEFF{}",
                "{\"a\":" + "1".repeat(41) + "}")) {
            HttpError refusal = assertThrows(wrong, HttpError.class, () -> read(wrong));
            assertEquals(400, refusal.status());
        }
        HttpError refusal = assertThrows(HttpError.class, () -> read("{\n \"a\": x"));
        assertEquals(
                "body is not what is wanted: line=2 column=6 expected=a text or a whole number", refusal.getMessage());
    }

    /** A text without end is given up, not gathered. */
    @Test
    public void texts_haveABound() {
        Reader endless = new Reader() {
            private int read;

            @Override
            public int read(char[] into, int offset, int length) {
                assertTrue("too much was read", (read += length) < 10_000);
                Arrays.fill(into, offset, offset + length, 'x');
                if (read == length) {
                    into[offset] = '"';
                }
                return length;
            }

            @Override
            public void close() {}
        };
        assertThrows(HttpError.class, () -> new JsonReader(endless).text());
    }

    @Test
    public void values_areWithinTheRangeOfCounters() {
        assertEquals(Long.MAX_VALUE, JsonReader.value("v", "9223372036854775807"));
        assertEquals(-Long.MAX_VALUE, JsonReader.value("v", "-9223372036854775807"));
        for (String wrong :
                List.of("", " 1", "1 ", "+1", "01", "1.0", "9223372036854775808", "-9223372036854775808", "\u0661")) {
            assertThrows(wrong, HttpError.class, () -> JsonReader.value("v", wrong));
        }
    }

    /** Beside a reader of others: whatever one of them takes the other takes too, with the same content. */
    @Test
    public void documents_atRandom_areReadAsByAnother() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] pieces = {
            "{", "}", "\"a\"", "\"b\"", ":", ",", "1", "-7", "\"x\"", "\"\\n\"", " ", "0", "e", ".", "\"", "\\", "null",
            "[", "]"
        };
        int taken = 0;
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "" : "{\"a\":");
            for (int i = random.nextInt(6); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            Map<String, String> ours = null;
            try {
                ours = read(text.toString());
                taken++;
            } catch (HttpError e) {
                // compared below
            }
            assertEquals("seed=" + seed + " text=" + text, theirs(text.toString()), ours);
        }
        assertTrue("nothing was right: seed=" + seed, taken > 100);
    }

    private static Map<String, String> theirs(String text) {
        try (var in = new com.google.gson.stream.JsonReader(new StringReader(text))) {
            in.setStrictness(Strictness.STRICT);
            Map<String, String> object = new LinkedHashMap<>();
            in.beginObject();
            while (in.hasNext()) {
                String name = in.nextName();
                boolean isNumber = in.peek() == JsonToken.NUMBER;
                if (!isNumber && in.peek() != JsonToken.STRING || !MEMBERS.contains(name) || object.containsKey(name)) {
                    return null;
                }
                String value = in.nextString();
                if (isNumber && !value.matches("-?[0-9]+")) {
                    return null;
                }
                object.put(name, value);
            }
            in.endObject();
            return in.peek() == JsonToken.END_DOCUMENT ? object : null;
        } catch (IOException | IllegalStateException e) {
            return null;
        }
    }

    private static Map<String, String> read(String text) throws IOException {
        return new JsonReader(new StringReader(text)).object(MEMBERS);
    }
}
