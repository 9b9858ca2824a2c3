package org.counterex.api;

import org.jspecify.annotations.Nullable;

/**
 * Rules for names of namespaces and counters, and their display. A name is well-formed UTF-16 of 1 to {@value
 * #MAX_LENGTH} characters.
 */
public final class CounterNames {

    /** The length of the longest name, in UTF-16 characters. */
    public static final int MAX_LENGTH = 1024;

    private static final int SHOWN = 40;

    private CounterNames() {}

    /** Returns whether a string is a valid name. */
    public static boolean isValid(@Nullable String name) {
        return name != null && !name.isEmpty() && name.length() <= MAX_LENGTH && unpairedSurrogate(name) < 0;
    }

    /**
     * Returns a valid name unchanged.
     *
     * @param role the role of the name in the message: {@code key} or {@code namespace}
     * @throws IllegalArgumentException the name is invalid; the message contains it and the reason
     */
    public static String check(String role, @Nullable String name) {
        if (isValid(name)) {
            return name;
        }
        if (name == null) {
            throw new IllegalArgumentException("name is missing: " + role + "=null");
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name is empty: " + role + "=''");
        }
        if (name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("name is too long: " + role + "='" + printable(name) + "' length="
                    + name.length() + " longest=" + MAX_LENGTH);
        }
        throw new IllegalArgumentException("name has an unpaired surrogate: " + role + "='" + printable(name)
                + "' index=" + unpairedSurrogate(name));
    }

    /**
     * Returns a name in the form in which messages show it: {@linkplain #escape escaped}, and cut after {@value #SHOWN}
     * characters with {@code ...} in the place of the rest.
     */
    public static String printable(String name) {
        if (name.length() <= SHOWN) {
            return escape(name);
        }
        int end = Character.isSurrogatePair(name.charAt(SHOWN - 1), name.charAt(SHOWN)) ? SHOWN + 1 : SHOWN;
        return escape(name.substring(0, end)) + (end < name.length() ? "..." : "");
    }

    /**
     * Returns a text of any length that is safe to show on one line: each character that is not {@linkplain
     * #isPrintable printable} is replaced by Unicode escapes, one for each UTF-16 code unit.
     *
     * @return {@code text} itself if every character is printable
     */
    public static String escape(String text) {
        if (text.codePoints().allMatch(CounterNames::isPrintable)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isPrintable(c)) {
                escaped.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    escaped.append(String.format("\\u%04x", (int) unit));
                }
            }
        });
        return escaped.toString();
    }

    /**
     * Returns whether a character can be shown unescaped: it does not control a terminal, break a line or stand alone
     * as half of a surrogate pair, and is not invisible.
     */
    public static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /**
     * Returns the label of a backend, {@code type/name}, as used in records, events and messages.
     *
     * @param type the type of the backend, for instance {@code ets}
     * @param name the name of the instance
     */
    public static String backendLabel(String type, String name) {
        return type + "/" + name;
    }

    private static int unpairedSurrogate(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean paired = Character.isHighSurrogate(c)
                        && i + 1 < name.length()
                        && Character.isLowSurrogate(name.charAt(i + 1));
                if (!paired) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
