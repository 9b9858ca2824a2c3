package org.counterex.bench;

import java.util.Locale;

/** Text of a generated section, appended line by line. */
public final class Markdown {

    private final StringBuilder text = new StringBuilder();

    /** Appends a formatted line. */
    public void line(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
