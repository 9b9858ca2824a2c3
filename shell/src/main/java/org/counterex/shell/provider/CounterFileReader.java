package org.counterex.shell.provider;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.counterex.api.CounterNames;
import org.counterex.shell.provider.command.CommandException;

/**
 * Reads the JSON of a {@link CounterFile}, strictly: an object with just the members {@code namespace}, a string, and
 * {@code counters}, an object of whole numbers within the range of counters; names are valid and none appears twice.
 * Not thread-safe, for one text.
 */
final class CounterFileReader {

    private static final String SPACE = " \t\r\n";
    private static final String IN_NUMBERS = "+-.0123456789eE";
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";

    private final String text;
    private int at;

    private CounterFileReader(String text) {
        this.text = text;
    }

    /**
     * @throws CommandException the text is something else; the message says where and what was expected
     * @throws IllegalArgumentException a name is invalid
     */
    static CounterFile read(String text) {
        CounterFileReader reader = new CounterFileReader(text);
        reader.skip(SPACE);
        CounterFile file = reader.file();
        if (reader.at < text.length()) {
            throw reader.expected("the end", reader.at);
        }
        return file;
    }

    private CounterFile file() {
        String namespace = null;
        Map<String, Long> counters = null;
        take('{');
        do {
            int begin = at;
            String member = string();
            take(':');
            if (member.equals("namespace") && namespace == null) {
                namespace = CounterNames.check("namespace", string());
            } else if (member.equals("counters") && counters == null) {
                counters = counters();
            } else {
                throw expected("\"namespace\" or \"counters\", each once", begin);
            }
        } while (found(','));
        if (namespace == null || counters == null) {
            throw expected("\"namespace\" and \"counters\"", at);
        }
        take('}');
        return new CounterFile(namespace, counters);
    }

    private Map<String, Long> counters() {
        Map<String, Long> counters = new LinkedHashMap<>();
        take('{');
        if (found('}')) {
            return counters;
        }
        do {
            int begin = at;
            String key = CounterNames.check("key", string());
            take(':');
            if (counters.put(key, number()) != null) {
                throw expected("each counter once", begin);
            }
        } while (found(','));
        take('}');
        return counters;
    }

    private long number() {
        int begin = at;
        skip(IN_NUMBERS);
        String number = text.substring(begin, at);
        skip(SPACE);
        try {
            if (WHOLE_NUMBER.matcher(number).matches() && Long.parseLong(number) != Long.MIN_VALUE) {
                return Long.parseLong(number);
            }
        } catch (NumberFormatException e) {
            // past 64 bits; refused below with what would be right
        }
        throw expected("a whole number from " + -Long.MAX_VALUE + " to " + Long.MAX_VALUE, begin);
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        int begin = at;
        if (at < text.length() && text.charAt(at++) == '"') {
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '"') {
                    skip(SPACE);
                    return string.toString();
                }
                if (c < ' ') {
                    break;
                }
                string.append(c == '\\' ? escaped() : c);
            }
        }
        throw expected("a string", begin);
    }

    private char escaped() {
        int begin = at - 1;
        char kind = at < text.length() ? text.charAt(at++) : 0;
        if (ESCAPES.indexOf(kind) >= 0) {
            return ESCAPED.charAt(ESCAPES.indexOf(kind));
        }
        if (kind == 'u' && at + 4 <= text.length()) {
            String digits = text.substring(at, at += 4);
            if (digits.chars().allMatch(HexFormat::isHexDigit)) {
                return (char) HexFormat.fromHexDigits(digits);
            }
        }
        throw expected("an escape of JSON", begin);
    }

    private void take(char wanted) {
        if (!found(wanted)) {
            throw expected("'" + wanted + "'", at);
        }
    }

    private boolean found(char wanted) {
        boolean found = at < text.length() && text.charAt(at) == wanted;
        if (found) {
            at++;
            skip(SPACE);
        }
        return found;
    }

    private void skip(String characters) {
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private CommandException expected(String what, int where) {
        String before = text.substring(0, where);
        long line = 1 + before.chars().filter(c -> c == '\n').count();
        int column = where - before.lastIndexOf('\n');
        return new CommandException("file holds no counters: line=" + line + " column=" + column + " expected=" + what);
    }
}
