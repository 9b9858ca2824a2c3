package org.counterex.support.json;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class CounterDocumentTest {

    @Test
    public void write_thenRead_isExact() throws IOException {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("plain", 1L);
        counters.put("\"<\\\u202E\n\u2028\uD83D\uDE00", -Long.MAX_VALUE);
        counters.put("x".repeat(1_024), Long.MAX_VALUE);
        for (Map<String, Long> all : List.of(Map.<String, Long>of(), counters)) {
            StringWriter text = new StringWriter();
            CounterDocument.write("n\"s", all, true, text);
            assertEquals(all, read(text.toString()));
            StringWriter unescaped = new StringWriter();
            CounterDocument.write("n\"s", all, false, unescaped);
            assertEquals(all, read(unescaped.toString()));
        }
    }

    @Test
    public void write_isIndented_namespaceIsOptional() throws IOException {
        StringWriter text = new StringWriter();
        CounterDocument.write("http", Map.of("requests", 7L), true, text);
        assertEquals(
                "{\n  \"namespace\": \"http\",\n  \"counters\": {\n    \"requests\": 7\n  }\n}\n", text.toString());
        assertEquals(Map.of("a", 1L), read("{\"counters\":{\"a\":1}}"));
    }

    @Test
    public void anythingElse_isRejected() {
        for (String wrong : List.of(
                "{}",
                "{\"namespace\":\"a\"}",
                "{\"counters\":{},\"counters\":{}}",
                "{\"other\":{}}",
                "{\"counters\":[]}",
                "{\"counters\":{\"a\":\"1\"}}",
                "{\"counters\":{\"a\":1.5}}",
                "{\"counters\":{\"a\":-9223372036854775808}}",
                "{\"counters\":{\"a\":1,}}",
                "{\"counters\":{}}x")) {
            assertThrows(wrong, JsonException.class, () -> read(wrong));
        }
        for (String wrong : List.of("", "\\ud800", "x".repeat(1_025))) {
            assertThrows(IllegalArgumentException.class, () -> read("{\"counters\":{\"" + wrong + "\":1}}"));
        }
    }

    private static Map<String, Long> read(String text) throws IOException {
        Map<String, Long> counters = new LinkedHashMap<>();
        CounterDocument.read(new StringReader(text), false, (key, value) -> {
            counters.put(key, value);
            return true;
        });
        return counters;
    }
}
