package org.counterex.web.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/**
 * Writes metrics as text, family by family, as they come: nothing is kept. A value is written as the whole number that it is,
 * so a reader that can hold 64 bits gets all of them. Used by one thread. A write that fails throws {@link UncheckedIOException}.
 */
final class OpenMetricsText {

    /** What a family is; in the older format an info is a gauge. */
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

    /** Begins a family; its samples are to follow, before those of another one. */
    void family(String name, Type type, String help) {
        family(name, type, "", help);
    }

    /** @param unit with which the name ends, empty if there is none */
    void family(String name, Type type, String unit, String help) {
        boolean open = format == OpenMetricsFormat.OPENMETRICS;
        String shown = open
                ? name
                : switch (type) {
                    case COUNTER -> name + "_total";
                    case INFO -> name + "_info";
                    default -> name;
                };
        raw("# HELP " + shown + " " + help + "\n");
        String word = (open || type != Type.INFO ? type : Type.GAUGE).name().toLowerCase(java.util.Locale.ROOT);
        raw("# TYPE " + shown + " " + word + "\n");
        if (open && !unit.isEmpty()) {
            raw("# UNIT " + shown + " " + unit + "\n");
        }
    }

    /** @param labels names and values in turn */
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

    /** Nothing follows. What ends without this mark was cut off. */
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
