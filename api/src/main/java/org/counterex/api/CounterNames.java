package org.counterex.api;

import org.jspecify.annotations.Nullable;

/** What a name of a namespace or counter may be: well-formed UTF-16 of 1 to {@value #MAX_LENGTH} characters. */
public final class CounterNames {

    /** The longest name, in UTF-16 characters. */
    public static final int MAX_LENGTH = 1024;

    private static final int SHOWN = 40;

    private CounterNames() {}

    /** Whether a string may be a name. */
    public static boolean isValid(@Nullable String name) {
        return name != null && !name.isEmpty() && name.length() <= MAX_LENGTH && unpairedSurrogate(name) < 0;
    }

    /**
     * Passes a valid name through.
     *
     * @param role what the name is for, in the message: {@code key} or {@code namespace}
     * @throws IllegalArgumentException it is no valid name; the message shows it and says why
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
     * Whether a character can be shown as it is: it steers no terminal, breaks no line, is not invisible and does not
     * stand alone.
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
     * Returns the label of a backend, {@code type/name}: what records, events and messages call it.
     *
     * @param type its type, as in {@code ets}
     * @param name the name of the instance among those of its type
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
