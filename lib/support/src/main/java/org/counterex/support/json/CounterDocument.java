package org.counterex.support.json;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.Map;
import org.counterex.api.CounterNames;

/**
 * JSON document with the counters of one namespace: {@code {"namespace": "http", "counters": {"requests": 7}}}. Both
 * directions stream: the document is never in memory as a whole.
 */
public final class CounterDocument {

    private CounterDocument() {}

    /** Receiver of the counters of a document. */
    @FunctionalInterface
    public interface Sink {

        /**
         * Receives one counter, before the rest of the document is read.
         *
         * @return whether to continue; false rejects the document because of a duplicate key
         */
        boolean add(String key, long value);
    }

    /**
     * Writes a document.
     *
     * @param htmlSafe whether to escape the characters that have a meaning in HTML
     */
    public static void write(String namespace, Map<String, Long> counters, boolean htmlSafe, Writer out)
            throws IOException {
        out.write("{\n  \"namespace\": ");
        JsonWriter.quote(namespace, htmlSafe, out);
        out.write(",\n  \"counters\": {");
        String separator = "\n    ";
        for (Map.Entry<String, Long> counter : counters.entrySet()) {
            out.write(separator);
            JsonWriter.quote(counter.getKey(), htmlSafe, out);
            out.write(": ");
            out.write(counter.getValue().toString());
            separator = ",\n    ";
        }
        out.write(counters.isEmpty() ? "}\n}\n" : "\n  }\n}\n");
    }

    /**
     * Reads a document.
     *
     * @param namespaceRequired whether the member {@code namespace} is required; {@code counters} always is
     * @throws JsonException the document is anything else
     * @throws IllegalArgumentException a name is invalid
     */
    public static void read(Reader document, boolean namespaceRequired, Sink counters) throws IOException {
        JsonReader in = new JsonReader(document);
        boolean hasNamespace = false;
        boolean hasCounters = false;
        in.take('{');
        do {
            String member = in.string();
            if (member.equals("namespace") && !hasNamespace) {
                in.take(':');
                CounterNames.check("namespace", in.string());
                hasNamespace = true;
            } else if (member.equals("counters") && !hasCounters) {
                in.take(':');
                readCounters(in, counters);
                hasCounters = true;
            } else {
                throw in.expected("\"namespace\" or \"counters\", each once");
            }
        } while (in.takeIf(','));
        if (!hasCounters || namespaceRequired && !hasNamespace) {
            throw in.expected(namespaceRequired ? "\"namespace\" and \"counters\"" : "\"counters\"");
        }
        in.take('}');
        in.end();
    }

    private static void readCounters(JsonReader in, Sink counters) throws IOException {
        in.take('{');
        if (in.takeIf('}')) {
            return;
        }
        do {
            String key = CounterNames.check("key", in.string());
            long keyLine = in.tokenLine();
            long keyColumn = in.tokenColumn();
            in.take(':');
            if (!counters.add(key, in.value())) {
                throw new JsonException(keyLine, keyColumn, "each counter once");
            }
        } while (in.takeIf(','));
        in.take('}');
    }
}
