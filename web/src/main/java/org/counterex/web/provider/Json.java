package org.counterex.web.provider;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.counterex.api.CounterNames;

/**
 * Writes JSON as it comes, without building it in memory. Whatever a text holds, the result is safe to show: what steers a
 * terminal, breaks a line, is invisible or means something in HTML is written as a Unicode escape.
 *
 * <p>Not thread-safe, for one document. A write that fails throws {@link UncheckedIOException}.
 */
final class Json {

    private final Writer out;
    private boolean separated = true;

    Json(Writer out) {
        this.out = out;
    }

    /** What writes into a document, or into a part of one. */
    @FunctionalInterface
    interface Part {
        void writeTo(Json json);
    }

    /** A small document as a text. */
    static String text(Part part) {
        StringWriter text = new StringWriter();
        part.writeTo(new Json(text));
        return text.toString();
    }

    /** An object with the members that a part writes. */
    Json object(Part members) {
        return nested('{', members, '}');
    }

    /** An array with the values that a part writes. */
    Json array(Part values) {
        return nested('[', values, ']');
    }

    /** The name of a member; its value is to follow. */
    Json name(String name) {
        begin();
        quote(name);
        raw(":");
        separated = true;
        return this;
    }

    /** @param text null writes null */
    Json value(String text) {
        begin();
        if (text == null) {
            raw("null");
        } else {
            quote(text);
        }
        return this;
    }

    /** A count or a time: what JavaScript reads exactly. A value of a counter is a text. */
    Json number(long number) {
        begin();
        raw(Long.toString(number));
        return this;
    }

    /** @param number finite, or not a number, which writes null */
    Json number(double number) {
        begin();
        raw(Double.isNaN(number) ? "null" : Double.toString(number));
        return this;
    }

    Json flag(boolean flag) {
        begin();
        raw(Boolean.toString(flag));
        return this;
    }

    /** A value that is JSON already. */
    Json json(String json) {
        begin();
        raw(json);
        return this;
    }

    private Json nested(char open, Part part, char close) {
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

    private void quote(String text) {
        raw("\"");
        int plain = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (!isPlain(c)) {
                raw(text.substring(plain, i));
                for (int unit = i; unit < next; unit++) {
                    raw(String.format("\\u%04x", (int) text.charAt(unit)));
                }
                plain = next;
            }
            i = next;
        }
        raw(text.substring(plain));
        raw("\"");
    }

    private static boolean isPlain(int c) {
        return c < 0x7F
                ? c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&'
                : CounterNames.isPrintable(c);
    }
}
