package org.counterex.web.provider.api;

import java.util.function.Predicate;
import org.counterex.api.CounterNames;
import org.counterex.web.provider.http.HttpError;
import org.counterex.web.provider.http.LenientGlob;

/**
 * Search for names: text with {@code *} or {@code ?} is a glob for the whole name, any other text matches every name
 * that contains it, and empty text matches every name. Case-sensitive. Immutable.
 */
final class NameSearch implements Predicate<String> {

    private static final int MAX_LENGTH = 256;

    private final Predicate<String> matcher;

    /** @throws HttpError the text is too long */
    NameSearch(String text) {
        if (text.length() > MAX_LENGTH) {
            throw HttpError.badRequest("search is too long: search=" + CounterNames.printable(text) + " length="
                    + text.length() + " max=" + MAX_LENGTH);
        }
        boolean isGlob = text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
        matcher = isGlob ? LenientGlob.of(text)::matches : name -> name.contains(text);
    }

    @Override
    public boolean test(String name) {
        return matcher.test(name);
    }
}
