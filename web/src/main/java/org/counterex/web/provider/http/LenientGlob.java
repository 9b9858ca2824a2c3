package org.counterex.web.provider.http;

import org.counterex.api.Glob;

/** Globs as clients type them: a backslash at the end, which quotes nothing, matches itself. */
public final class LenientGlob {

    private LenientGlob() {}

    /** @throws IllegalArgumentException the text is not a glob in any other respect */
    public static Glob of(String text) {
        int backslashes = 0;
        while (backslashes < text.length() && text.charAt(text.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return Glob.of(backslashes % 2 == 0 ? text : text + '\\');
    }
}
