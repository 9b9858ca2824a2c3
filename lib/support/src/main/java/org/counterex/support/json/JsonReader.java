package org.counterex.support.json;

import java.io.IOException;
import java.io.Reader;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Strict streaming reader of the JSON that CounterEx accepts: objects, strings and whole numbers. Memory is bounded: it
 * holds one block of input and one token, whose length is limited. Not thread-safe; reads one document.
 */
public final class JsonReader {

    /** Description of a valid counter value, for error messages. */
    public static final String COUNTER_VALUE = "a whole number from " + -Long.MAX_VALUE + " to " + Long.MAX_VALUE;

    private static final String IN_NUMBERS = "+-.0123456789eE";
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)");
    /** Exceeds the maximum length of a name, so that a name that is too long is reported as such. */
    private static final int MAX_STRING = 4_096;

    private static final int MAX_NUMBER = 40;
    private static final int BLOCK = 4_096;
    private static final int END = -1;

    private final Reader in;
    private final char[] block = new char[BLOCK];
    private final StringBuilder token = new StringBuilder();
    private int next;
    private int limit;

    private long line = 1;
    private long column = 1;
    private long tokenLine = 1;
    private long tokenColumn = 1;

    /** @param in the document; buffering is not required */
    public JsonReader(Reader in) {
        this.in = in;
    }

    /**
     * Parses a counter value: a whole number in the range of counters, without sign {@code +} or leading zeros.
     *
     * @return empty if the text is anything else
     */
    public static OptionalLong parseValue(String text) {
        if (WHOLE_NUMBER.matcher(text).matches()) {
            try {
                long value = Long.parseLong(text);
                return value == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(value);
            } catch (NumberFormatException e) {
                // more than 64 bits
            }
        }
        return OptionalLong.empty();
    }

    /**
     * Reads a document that is one flat object of strings and whole numbers. Numbers are returned as written, hence
     * exact.
     *
     * @param members allowed members, each at most once
     * @throws JsonException the document is anything else
     */
    public Map<String, String> readFlatObject(Set<String> members) throws IOException {
        Map<String, String> object = new LinkedHashMap<>();
        take('{');
        if (!takeIf('}')) {
            do {
                String member = string();
                if (!members.contains(member) || object.containsKey(member)) {
                    throw expected("no members other than " + members + ", each once");
                }
                take(':');
                object.put(member, startToken() == '"' ? string() : wholeNumber());
            } while (takeIf(','));
            take('}');
        }
        end();
        return object;
    }

    /** Checks that only white space is left. */
    public void end() throws IOException {
        if (startToken() != END) {
            throw expected("the end");
        }
    }

    /** Skips white space and the given character, which is required. */
    public void take(char character) throws IOException {
        if (!takeIf(character)) {
            throw expected("'" + character + "'");
        }
    }

    /** Skips white space and the given character, if it is the next one. */
    public boolean takeIf(char character) throws IOException {
        if (startToken() != character) {
            return false;
        }
        read();
        return true;
    }

    /** Reads a string. */
    public String string() throws IOException {
        if (startToken() != '"') {
            throw expected("a string");
        }
        read();
        token.setLength(0);
        for (int c = read(); c != '"'; c = read()) {
            if (c < ' ') {
                throw expected("a string");
            }
            token.append(c == '\\' ? escaped() : (char) c);
            if (token.length() > MAX_STRING) {
                throw expected("a string of at most " + MAX_STRING + " characters");
            }
        }
        return token.toString();
    }

    private char escaped() throws IOException {
        long escapeLine = line;
        long escapeColumn = column - 1;
        int kind = read();
        if (kind >= 0 && ESCAPES.indexOf(kind) >= 0) {
            return ESCAPED.charAt(ESCAPES.indexOf(kind));
        }
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = kind == 'u' ? read() : END;
            if (!HexFormat.isHexDigit(digit)) {
                throw new JsonException(escapeLine, escapeColumn, "a valid escape sequence");
            }
            unit = unit << 4 | HexFormat.fromHexDigit(digit);
        }
        return (char) unit;
    }

    /** Reads a number that is a counter value. */
    public long value() throws IOException {
        return parseValue(number()).orElseThrow(() -> expected(COUNTER_VALUE));
    }

    private String wholeNumber() throws IOException {
        String number = number();
        if (!WHOLE_NUMBER.matcher(number).matches()) {
            throw expected("a string or a whole number");
        }
        return number;
    }

    private String number() throws IOException {
        int c = startToken();
        token.setLength(0);
        while (c != END && IN_NUMBERS.indexOf(c) >= 0) {
            token.append((char) read());
            if (token.length() > MAX_NUMBER) {
                throw expected("a whole number of at most " + MAX_NUMBER + " digits");
            }
            c = peek();
        }
        return token.toString();
    }

    /** Returns the line at which the current token starts, from 1. */
    long tokenLine() {
        return tokenLine;
    }

    /** Returns the column at which the current token starts, from 1. */
    long tokenColumn() {
        return tokenColumn;
    }

    /** Returns the exception for a current token that is not what is expected. */
    JsonException expected(String what) {
        return new JsonException(tokenLine, tokenColumn, what);
    }

    /** Skips white space and returns the next character, which becomes the start of the current token. */
    private int startToken() throws IOException {
        int c = peek();
        while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            read();
            c = peek();
        }
        tokenLine = line;
        tokenColumn = column;
        return c;
    }

    private int read() throws IOException {
        int c = peek();
        if (c == END) {
            return END;
        }
        next++;
        if (c == '\n') {
            line++;
            column = 1;
        } else {
            column++;
        }
        return c;
    }

    private int peek() throws IOException {
        while (next == limit) {
            int length = in.read(block, 0, BLOCK);
            if (length < 0) {
                return END;
            }
            next = 0;
            limit = length;
        }
        return block[next];
    }
}
