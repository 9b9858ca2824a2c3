package org.counterex.shell.provider;

import org.counterex.api.CounterNames;

/** Names as they can be printed in full. (What the API shows in messages is cut.) */
public final class Names {

    private Names() {}

    /**
     * A text with everything that steers a terminal, breaks a line or is invisible replaced by Unicode escapes. Nothing is
     * cut, and a text that needs no escape is returned as it is.
     */
    public static String safe(String text) {
        if (text.codePoints().allMatch(CounterNames::isPrintable)) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (CounterNames.isPrintable(c)) {
                safe.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    safe.append(String.format("\\u%04x", (int) unit));
                }
            }
        });
        return safe.toString();
    }
}
