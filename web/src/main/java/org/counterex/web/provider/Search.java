package org.counterex.web.provider;

import java.util.Arrays;
import java.util.function.Predicate;
import org.counterex.api.CounterNames;

/**
 * What somebody looks for among keys: a part of them, or, if it has {@code *} or {@code ?}, the pattern of the whole key:
 * {@code *} is any run of characters, {@code ?} one, {@code \} quotes the next. Matching takes at most as many steps as pattern times key have
 * characters. Immutable.
 */
final class Search implements Predicate<String> {

    private static final int LONGEST = 256;
    private static final int RUN = -1;
    private static final int ONE = -2;

    private final String part;
    /** Null where a part is looked for. */
    private final int[] pattern;

    /**
     * @param text empty for all keys
     * @throws HttpError it is too long
     */
    Search(String text) {
        if (text.length() > LONGEST) {
            throw HttpError.bad("search is too long: search=" + CounterNames.printable(text) + " length="
                    + text.length() + " longest=" + LONGEST);
        }
        part = text;
        pattern = text.indexOf('*') < 0 && text.indexOf('?') < 0 ? null : pattern(text);
    }

    private Search(int[] pattern) {
        part = "";
        this.pattern = pattern;
    }

    /** A pattern of the whole, also where it has neither {@code *} nor {@code ?}. */
    static Search glob(String text) {
        return new Search(pattern(text));
    }

    private static int[] pattern(String text) {
        int[] characters = text.codePoints().toArray();
        int length = 0;
        for (int i = 0; i < characters.length; i++) {
            int c = characters[i];
            if (c == '\\' && i + 1 < characters.length) {
                characters[length++] = characters[++i];
            } else {
                characters[length++] = c == '*' ? RUN : c == '?' ? ONE : c;
            }
        }
        return Arrays.copyOf(characters, length);
    }

    @Override
    public boolean test(String key) {
        return pattern == null ? key.contains(part) : matches(key);
    }

    /** Only the last run may have to become longer: whatever stands before it has matched. */
    private boolean matches(String key) {
        int p = 0;
        int k = 0;
        int run = -1;
        int runEnd = 0;
        while (k < key.length()) {
            int c = key.codePointAt(k);
            if (p < pattern.length && pattern[p] == RUN) {
                run = p++;
                runEnd = k;
            } else if (p < pattern.length && (pattern[p] == ONE || pattern[p] == c)) {
                p++;
                k += Character.charCount(c);
            } else if (run >= 0) {
                p = run + 1;
                runEnd += Character.charCount(key.codePointAt(runEnd));
                k = runEnd;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == RUN) {
            p++;
        }
        return p == pattern.length;
    }
}
