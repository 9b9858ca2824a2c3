package org.counterex.web.provider;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.counterex.api.CounterNames;

/**
 * The counters of a namespace as the shell exports them: {@code {"namespace": "http", "counters": {"requests": 7}}}.
 * Written and read as it goes: neither has it in memory as a whole.
 */
final class CounterFile {

    private CounterFile() {}

    static void write(String namespace, Map<String, Long> counters, Writer out) throws IOException {
        out.write("{\n  \"namespace\": " + quoted(namespace) + ",\n  \"counters\": {");
        String separator = "\n    ";
        for (Map.Entry<String, Long> counter : counters.entrySet()) {
            out.write(separator + quoted(counter.getKey()) + ": " + counter.getValue());
            separator = ",\n    ";
        }
        out.write(counters.isEmpty() ? "}\n}\n" : "\n  }\n}\n");
    }

    private static String quoted(String name) {
        return Json.text(json -> json.value(name));
    }

    /**
     * Reads a document.
     *
     * @param counters is given each counter when it is read: before it is known whether the rest is right
     * @throws HttpError it is something else
     * @throws IllegalArgumentException a name is none
     */
    static void read(Reader document, ObjLongConsumer<String> counters) throws IOException {
        JsonReader in = new JsonReader(document);
        boolean named = false;
        boolean counted = false;
        in.take('{');
        do {
            String member = in.text();
            in.take(':');
            if (member.equals("namespace") && !named) {
                CounterNames.check("namespace", in.text());
                named = true;
            } else if (member.equals("counters") && !counted) {
                readCounters(in, counters);
                counted = true;
            } else {
                throw HttpError.bad("body is not what is wanted: member=" + CounterNames.printable(member)
                        + " expected=\"namespace\" or \"counters\", each once");
            }
        } while (in.found(','));
        in.take('}');
        in.end();
        if (!counted) {
            throw HttpError.bad("body has no \"counters\"");
        }
    }

    private static void readCounters(JsonReader in, ObjLongConsumer<String> counters) throws IOException {
        in.take('{');
        if (in.found('}')) {
            return;
        }
        do {
            String key = CounterNames.check("key", in.text());
            in.take(':');
            counters.accept(key, in.number());
        } while (in.found(','));
        in.take('}');
    }
}
