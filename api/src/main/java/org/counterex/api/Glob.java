package org.counterex.api;

import java.util.Arrays;

/**
 * A pattern for names. It matches the whole name: {@code *} is any run of characters, {@code ?} one, {@code \} quotes the
 * next. Matching takes at most as many steps as pattern times name have characters, whatever the pattern. Immutable.
 */
public final class Glob {

    /** A name of which every character is quoted. */
    private static final int LONGEST = 2 * CounterNames.MAX_LENGTH;

    /** Stands for {@code *} and {@code ?} among the characters of a pattern. */
    private static final int RUN = -1;

    private static final int ONE = -2;

    private final String text;
    private final int[] pattern;

    private Glob(String text, int[] pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /**
     * The pattern that a text is.
     *
     * @throws IllegalArgumentException it is empty, longer than any name that is quoted, no well-formed UTF-16, or ends with
     *     the character that quotes
     */
    public static Glob of(String text) {
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

    /** The pattern as it was given. */
    public String text() {
        return text;
    }

    /** Whether it is a mere name. */
    public boolean literal() {
        return Arrays.stream(pattern).noneMatch(c -> c == RUN || c == ONE);
    }

    /** Whether it matches a name, all of it. */
    public boolean matches(String name) {
        int at = 0;
        int afterRun = -1; // where the pattern goes on after the last run that was met
        int runEnd = 0; // and where the name does, if that run is as short as it can be
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            if (at < pattern.length && pattern[at] == RUN) {
                afterRun = ++at;
                runEnd = i;
            } else if (at < pattern.length && (pattern[at] == c || pattern[at] == ONE)) {
                at++;
                i += Character.charCount(c);
            } else if (afterRun >= 0) {
                // Only the last run need be tried longer: what an earlier one could take it can take as well.
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
