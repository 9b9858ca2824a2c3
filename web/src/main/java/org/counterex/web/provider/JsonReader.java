package org.counterex.web.provider;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.counterex.api.CounterNames;

/**
 * Reads JSON strictly and as it comes: it keeps nothing but the text it is at, which has a bound. It knows what requests
 * have: objects, texts and whole numbers. Not thread-safe, for one document.
 */
final class JsonReader {

    private static final String SPACE = " \t\r\n";
    private static final String IN_NUMBERS = "+-.0123456789eE";
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)");
    /** Longer than any name, so that it is the name that is complained of; and than any number. */
    private static final int LONGEST_TEXT = 4_096;

    private static final int LONGEST_NUMBER = 40;
    private static final int END = -1;

    private final PushbackReader in;
    private long line = 1;
    private long column = 0;

    JsonReader(Reader in) {
        this.in = new PushbackReader(in);
    }

    /**
     * An object of texts and whole numbers, and nothing after it. Numbers are read as they are written, so they are exact.
     *
     * @param members that it may have, each once
     * @throws HttpError it is something else
     */
    Map<String, String> object(Set<String> members) throws IOException {
        Map<String, String> object = new LinkedHashMap<>();
        take('{');
        if (!found('}')) {
            do {
                String member = text();
                if (!members.contains(member) || object.containsKey(member)) {
                    throw expected("no members but " + members + ", each once");
                }
                take(':');
                object.put(member, peek() == '"' ? text() : digits());
            } while (found(','));
            take('}');
        }
        end();
        return object;
    }

    /** Nothing more. */
    void end() throws IOException {
        if (peek() != END) {
            throw expected("the end");
        }
    }

    void take(char wanted) throws IOException {
        if (!found(wanted)) {
            throw expected("'" + wanted + "'");
        }
    }

    /** Takes a character if it is the next one that is no white space. */
    boolean found(char wanted) throws IOException {
        if (peek() != wanted) {
            return false;
        }
        next();
        return true;
    }

    /** A value of a counter, written as a whole number. */
    long number() throws IOException {
        return value("value", digits());
    }

    /**
     * A text as a value of a counter.
     *
     * @param role what it is for, in the message
     * @throws HttpError it is none
     */
    static long value(String role, String text) {
        if (WHOLE_NUMBER.matcher(text).matches()) {
            try {
                long value = Long.parseLong(text);
                if (value != Long.MIN_VALUE) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // past 64 bits; refused below with what would be right
            }
        }
        throw HttpError.bad("not a value of a counter: " + role + "=" + CounterNames.printable(text)
                + " wanted=a whole number from " + -Long.MAX_VALUE + " to " + Long.MAX_VALUE);
    }

    /** A text. */
    String text() throws IOException {
        take('"');
        StringBuilder text = new StringBuilder();
        for (int c = next(); c != '"'; c = next()) {
            if (c < ' ') {
                throw expected("a text on one line");
            }
            text.append(c == '\\' ? escaped() : (char) c);
            if (text.length() > LONGEST_TEXT) {
                throw expected("a text of at most " + LONGEST_TEXT + " characters");
            }
        }
        return text.toString();
    }

    private char escaped() throws IOException {
        int kind = next();
        if (kind >= 0 && ESCAPES.indexOf(kind) >= 0) {
            return ESCAPED.charAt(ESCAPES.indexOf(kind));
        }
        if (kind == 'u') {
            int unit = 0;
            for (int i = 0; i < 4; i++) {
                int digit = next();
                if (!HexFormat.isHexDigit(digit)) {
                    throw expected("an escape of JSON");
                }
                unit = unit << 4 | HexFormat.fromHexDigit(digit);
            }
            return (char) unit;
        }
        throw expected("an escape of JSON");
    }

    private String digits() throws IOException {
        StringBuilder digits = new StringBuilder();
        for (int c = peek(); c != END && IN_NUMBERS.indexOf(c) >= 0; c = look()) {
            digits.append((char) next());
            if (digits.length() > LONGEST_NUMBER) {
                throw expected("a whole number");
            }
        }
        if (!WHOLE_NUMBER.matcher(digits).matches()) {
            throw expected("a text or a whole number");
        }
        return digits.toString();
    }

    /** The next character that is no white space; it stays. */
    private int peek() throws IOException {
        int c = look();
        while (c != END && SPACE.indexOf(c) >= 0) {
            next();
            c = look();
        }
        return c;
    }

    private int look() throws IOException {
        int c = in.read();
        if (c != END) {
            in.unread(c);
        }
        return c;
    }

    private int next() throws IOException {
        int c = in.read();
        if (c == '\n') {
            line++;
            column = 0;
        } else {
            column++;
        }
        return c;
    }

    private HttpError expected(String what) {
        return HttpError.bad("body is not what is wanted: line=" + line + " column=" + column + " expected=" + what);
    }
}
