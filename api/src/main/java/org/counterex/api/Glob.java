package org.counterex.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Pattern for names. It matches the whole name: {@code *} stands for any number of characters, {@code ?} for one, and
 * {@code \} quotes the next character. The number of steps of a match is at most the product of the lengths of pattern
 * and name. Immutable.
 */
public final class Glob {

    /** The length of the longest name with every character quoted. */
    private static final int LONGEST = 2 * CounterNames.MAX_LENGTH;

    /** Represent {@code *} and {@code ?} among the characters of a pattern. */
    private static final int RUN = -1;

    private static final int ONE = -2;

    private final String text;
    private final int[] pattern;

    private Glob(String text, int[] pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /**
     * Returns the pattern with a given text.
     *
     * @throws IllegalArgumentException the text is null, empty, longer than the longest quoted name, not well-formed
     *     UTF-16, or ends with a backslash that quotes nothing
     */
    public static Glob of(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw new IllegalArgumentException("glob is empty: glob='' expected=a name, with * ? \\ as wildcards");
        }
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("glob is too long: glob='" + CounterNames.printable(text) + "' length="
                    + text.length() + " longest=" + LONGEST);
        }
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw new IllegalArgumentException(
                    "glob has an unpaired surrogate: glob='" + CounterNames.printable(text) + "'");
        }
        int[] pattern = new int[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\\') {
                if (i == text.length()) {
                    throw new IllegalArgumentException("glob ends with a backslash that quotes nothing: glob='"
                            + CounterNames.printable(text) + "'");
                }
                c = text.codePointAt(i);
                i += Character.charCount(c);
                pattern[length++] = c;
            } else {
                pattern[length++] = c == '*' ? RUN : c == '?' ? ONE : c;
            }
        }
        return new Glob(text, Arrays.copyOf(pattern, length));
    }

    /** Returns the text of the pattern, as it was given. */
    public String text() {
        return text;
    }

    /** Returns whether the pattern has no wildcard and so matches one name only. */
    public boolean literal() {
        return Arrays.stream(pattern).noneMatch(c -> c == RUN || c == ONE);
    }

    /** Returns whether the pattern matches a whole name. */
    public boolean matches(String name) {
        int at = 0;
        int afterRun = -1; // index in the pattern after the last * reached
        int runEnd = 0; // index in the name at which that * ends, at its shortest
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            if (at < pattern.length && pattern[at] == RUN) {
                afterRun = ++at;
                runEnd = i;
            } else if (at < pattern.length && (pattern[at] == c || pattern[at] == ONE)) {
                at++;
                i += Character.charCount(c);
            } else if (afterRun >= 0) {
                // Extending the last * is enough: it can match whatever an earlier one could.
                runEnd += Character.charCount(name.codePointAt(runEnd));
                i = runEnd;
                at = afterRun;
            } else {
                return false;
            }
        }
        while (at < pattern.length && pattern[at] == RUN) {
            at++;
        }
        return at == pattern.length;
    }

    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
