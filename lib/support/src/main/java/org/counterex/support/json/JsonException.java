package org.counterex.support.json;

/** A text that is not the expected JSON. The message is {@code line=L column=C expected=...}; both count from 1. */
public final class JsonException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    JsonException(long line, long column, String expected) {
        super("line=" + line + " column=" + column + " expected=" + expected);
    }
}
