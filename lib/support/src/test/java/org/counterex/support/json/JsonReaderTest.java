package org.counterex.support.json;

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
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.Test;

public class JsonReaderTest {

    private static final Set<String> MEMBERS = Set.of("a", "b");

    @Test
    public void flatObject_isReadExactly() throws IOException {
        assertEquals(
                Map.of("a", "9223372036854775807", "b", "\"\\/\b\f\n\r\t\u00e9\uD83D\uDE00"),
                read(
                        " { \"a\" : 9223372036854775807 ,\r\n\t\"b\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\ud83d\\uDE00\" } "));
        assertEquals(Map.of(), read("{}"));
        assertEquals(Map.of("a", "-0"), read("{\"a\":-0}"));
    }

    @Test
    public void anythingElse_isRejectedWithLocation() {
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
            assertThrows(wrong, JsonException.class, () -> read(wrong));
        }
        JsonException problem = assertThrows(JsonException.class, () -> read("{\n \"a\": x"));
        assertEquals("line=2 column=7 expected=a string or a whole number", problem.getMessage());
    }

    /** A string without end is rejected at the maximum length, not buffered. */
    @Test
    public void string_withoutEnd_isRejected() {
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
        assertThrows(JsonException.class, () -> new JsonReader(endless).string());
    }

    @Test
    public void value_outOfRange_isRejected() {
        assertEquals(OptionalLong.of(Long.MAX_VALUE), JsonReader.parseValue("9223372036854775807"));
        assertEquals(OptionalLong.of(-Long.MAX_VALUE), JsonReader.parseValue("-9223372036854775807"));
        for (String wrong :
                List.of("", " 1", "1 ", "+1", "01", "1.0", "9223372036854775808", "-9223372036854775808", "\u0661")) {
            assertEquals(wrong, OptionalLong.empty(), JsonReader.parseValue(wrong));
        }
    }

    /** Compares with an independent reader: both accept the same documents, with the same content. */
    @Test
    public void documents_atRandom_areReadAsByGson() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] pieces = {
            "{", "}", "\"a\"", "\"b\"", ":", ",", "1", "-7", "\"x\"", "\"\\n\"", " ", "0", "e", ".", "\"", "\\", "null",
            "[", "]"
        };
        int accepted = 0;
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "" : "{\"a\":");
            for (int i = random.nextInt(6); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            Map<String, String> actual = null;
            try {
                actual = read(text.toString());
                accepted++;
            } catch (JsonException e) {
                // compared below
            }
            assertEquals("seed=" + seed + " text=" + text, byGson(text.toString()), actual);
        }
        assertTrue("almost nothing was valid: seed=" + seed, accepted > 100);
    }

    private static Map<String, String> byGson(String text) {
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
        return new JsonReader(new StringReader(text)).readFlatObject(MEMBERS);
    }
}
