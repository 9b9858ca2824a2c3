package org.counterex.web.provider.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Locale;

/**
 * Streaming writer of metrics as text, family by family. Values are written as whole numbers, hence exact for readers
 * that represent 64 bits. Used by one thread. Write failures are thrown as {@link UncheckedIOException}.
 */
final class OpenMetricsText {

    /** Type of a metric family; in the older format, an info is a gauge. */
    enum Type {
        GAUGE,
        COUNTER,
        SUMMARY,
        INFO
    }

    private final OpenMetricsFormat format;
    private final Writer out;

    OpenMetricsText(OpenMetricsFormat format, Writer out) {
        this.format = format;
        this.out = out;
    }

    /** Begins a family; its samples must follow before the next family. */
    void family(String name, Type type, String help) {
        family(name, type, "", help);
    }

    /** @param unit suffix of the name, empty for none */
    void family(String name, Type type, String unit, String help) {
        boolean open = format == OpenMetricsFormat.OPENMETRICS;
        String familyName = open
                ? name
                : switch (type) {
                    case COUNTER -> name + "_total";
                    case INFO -> name + "_info";
                    default -> name;
                };
        raw("# HELP " + familyName + " " + help + "\n");
        String word = (open || type != Type.INFO ? type : Type.GAUGE).name().toLowerCase(Locale.ROOT);
        raw("# TYPE " + familyName + " " + word + "\n");
        if (open && !unit.isEmpty()) {
            raw("# UNIT " + familyName + " " + unit + "\n");
        }
    }

    /** @param labels alternating names and values */
    void sample(String name, long value, String... labels) {
        sample(name, Long.toString(value), labels);
    }

    /** @param value a decimal number */
    void sample(String name, String value, String... labels) {
        raw(name);
        for (int i = 0; i < labels.length; i += 2) {
            raw(i == 0 ? "{" : ",");
            raw(labels[i]);
            raw("=\"");
            escaped(labels[i + 1]);
            raw("\"");
        }
        raw(labels.length == 0 ? " " : "} ");
        raw(value);
        raw("\n");
    }

    /** Writes the end mark; text without it is incomplete. */
    void end() {
        if (format == OpenMetricsFormat.OPENMETRICS) {
            raw("# EOF\n");
        }
    }

    private void escaped(String text) {
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || c == '"' || c == '\n') {
                raw(text, plain, i);
                raw(c == '\\' ? "\\\\" : c == '"' ? "\\\"" : "\\n");
                plain = i + 1;
            }
        }
        raw(text, plain, text.length());
    }

    private void raw(String text) {
        raw(text, 0, text.length());
    }

    private void raw(String text, int from, int to) {
        try {
            out.write(text, from, to - from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
