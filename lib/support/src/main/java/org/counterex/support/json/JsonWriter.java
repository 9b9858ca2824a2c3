package org.counterex.support.json;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.counterex.api.CounterNames;

/**
 * Streaming JSON writer. Characters that control a terminal, break a line, are invisible or have a meaning in HTML are
 * written as Unicode escapes, so that the output is safe to display.
 *
 * <p>Not thread-safe; writes one document. Write failures are thrown as {@link UncheckedIOException}.
 */
public final class JsonWriter {

    private final Writer out;
    private boolean separated = true;

    /** @param out where the document goes; buffering is required for speed */
    public JsonWriter(Writer out) {
        this.out = out;
    }

    /** Content of a document, or of a part of one. */
    @FunctionalInterface
    public interface Part {

        /** Writes the content. */
        void writeTo(JsonWriter json);
    }

    /** Returns a small document as a string. */
    public static String text(Part part) {
        StringWriter text = new StringWriter();
        part.writeTo(new JsonWriter(text));
        return text.toString();
    }

    /** Writes an object with the members that a part writes. */
    public JsonWriter object(Part members) {
        return nested('{', members, '}');
    }

    /** Writes an array with the values that a part writes. */
    public JsonWriter array(Part values) {
        return nested('[', values, ']');
    }

    /** Writes the name of a member; its value must follow. */
    public JsonWriter name(String name) {
        begin();
        try {
            quote(name, true, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        raw(":");
        separated = true;
        return this;
    }

    /** Writes a string, or null for {@code null}. */
    public JsonWriter value(String text) {
        if (text == null) {
            return literal("null");
        }
        begin();
        try {
            quote(text, true, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /**
     * Writes a count or a time that JavaScript can represent exactly. Counter values are written as strings instead.
     */
    public JsonWriter number(long number) {
        return literal(Long.toString(number));
    }

    /** Writes a finite number, or null for NaN. */
    public JsonWriter number(double number) {
        return literal(Double.isNaN(number) ? "null" : Double.toString(number));
    }

    /** Writes a boolean. */
    public JsonWriter flag(boolean flag) {
        return literal(Boolean.toString(flag));
    }

    private JsonWriter literal(String text) {
        begin();
        raw(text);
        return this;
    }

    private JsonWriter nested(char open, Part part, char close) {
        begin();
        raw(String.valueOf(open));
        separated = true;
        part.writeTo(this);
        raw(String.valueOf(close));
        separated = false;
        return this;
    }

    private void begin() {
        if (!separated) {
            raw(",");
        }
        separated = false;
    }

    private void raw(String text) {
        try {
            out.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a quoted string; {@code <}, {@code >} and {@code &} are escaped if it may become part of a page. */
    static void quote(String text, boolean htmlSafe, Writer out) throws IOException {
        out.write('"');
        int plain = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (!isPlain(c, htmlSafe)) {
                out.write(text, plain, i - plain);
                if (c == '"' || c == '\\') {
                    out.write('\\');
                    out.write(c);
                } else {
                    boolean isMarkup = CounterNames.isPrintable(c);
                    out.write(isMarkup ? String.format("\\u%04x", c) : CounterNames.escape(text.substring(i, next)));
                }
                plain = next;
            }
            i = next;
        }
        out.write(text, plain, text.length() - plain);
        out.write('"');
    }

    private static boolean isPlain(int c, boolean htmlSafe) {
        return c < 0x7F
                ? c >= ' ' && c != '"' && c != '\\' && !(htmlSafe && (c == '<' || c == '>' || c == '&'))
                : CounterNames.isPrintable(c);
    }
}
