package org.counterex.web.provider.metrics;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Strict reader of OpenMetrics, by the grammar of its specification. Values are kept as written. */
final class MetricsReader {

    private static final Map<String, Set<String>> SUFFIXES = Map.of(
            "gauge",
            Set.of(""),
            "counter",
            Set.of("_total"),
            "summary",
            Set.of("_count", "_sum"),
            "info",
            Set.of("_info"));

    /** Values by labels, for each sample name. */
    final Map<String, Map<Map<String, String>, String>> samples = new HashMap<>();

    private final Set<String> families = new HashSet<>();
    private String family = "";
    private String type = "";
    private String line;
    private int at;

    MetricsReader(String text) {
        assertTrue("last line", text.endsWith("\n# EOF\n"));
        String[] lines = text.substring(0, text.length() - "# EOF\n".length()).split("\n");
        for (String next : lines) {
            line = next;
            at = 0;
            if (next.startsWith("#")) {
                describe(next.split(" ", 4));
            } else {
                sample();
            }
        }
    }

    private void describe(String[] parts) {
        assertEquals(line, 4, parts.length);
        if (!parts[2].equals(family)) {
            assertTrue("family is not contiguous: " + line, families.add(parts[2]));
            family = parts[2];
            type = "";
        }
        switch (parts[1]) {
            case "TYPE" -> type = parts[3];
            case "UNIT" -> assertTrue(line, family.endsWith("_" + parts[3]));
            case "HELP" -> assertFalse(line, parts[3].contains("\\") || parts[3].contains("\""));
            default -> fail(line);
        }
    }

    private void sample() {
        String name = until("{ ");
        Map<String, String> labels = new LinkedHashMap<>();
        if (line.charAt(at) == '{') {
            do {
                at++;
                String label = until("=");
                assertTrue(line, label.matches("[a-zA-Z_][a-zA-Z0-9_]*"));
                assertEquals(line, null, labels.put(label, quoted()));
            } while (line.charAt(at) == ',');
            assertEquals(line, '}', line.charAt(at++));
        }
        assertEquals(line, ' ', line.charAt(at++));
        String value = line.substring(at);
        assertTrue(line, value.matches("-?[0-9]+(\\.[0-9]+)?"));
        assertTrue(line, name.startsWith(family));
        assertTrue(line, SUFFIXES.get(type).contains(name.substring(family.length())));
        assertEquals(
                "appears twice: " + line,
                null,
                samples.computeIfAbsent(name, absent -> new HashMap<>()).put(labels, value));
    }

    private String until(String ends) {
        int from = at;
        while (ends.indexOf(line.charAt(at)) < 0) {
            at++;
        }
        return line.substring(from, at);
    }

    private String quoted() {
        assertEquals(line, "=\"", line.substring(at, at + 2));
        at += 2;
        StringBuilder text = new StringBuilder();
        for (char c = line.charAt(at++); c != '"'; c = line.charAt(at++)) {
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = line.charAt(at++);
            assertTrue(line, "\\\"n".indexOf(escaped) >= 0);
            text.append(escaped == 'n' ? '\n' : escaped);
        }
        return text.toString();
    }

    /** Returns the values of all counters by namespace and key. */
    Map<String, Map<String, Long>> values() {
        Map<String, Map<String, Long>> values = new HashMap<>();
        samples.getOrDefault("counterex_value", Map.of())
                .forEach((labels, value) -> values.computeIfAbsent(labels.get("namespace"), absent -> new HashMap<>())
                        .put(labels.get("key"), Long.parseLong(value)));
        return values;
    }

    String value(String name, String... labels) {
        Map<String, String> key = new HashMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            key.put(labels[i], labels[i + 1]);
        }
        return samples.getOrDefault(name, Map.of()).get(key);
    }
}
