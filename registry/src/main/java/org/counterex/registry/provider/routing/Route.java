package org.counterex.registry.provider.routing;

import java.util.Comparator;
import java.util.List;
import org.counterex.api.CounterNames;
import org.counterex.api.Glob;
import org.counterex.support.config.Settings;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;

/** A rule of placement: namespaces that match one of its globs are placed in a backend that matches its filter. */
public record Route(String pid, List<Glob> globs, Filter target, int ranking) {

    /** Bound of the length of a filter: filters are parsed and matched recursively, and must not overflow the stack. */
    private static final int MAX_FILTER_LENGTH = 4096;

    /** Higher rankings first, then by PID, so that the order is defined. */
    static final Comparator<Route> ORDER =
            Comparator.comparingInt(Route::ranking).reversed().thenComparing(Route::pid);

    /**
     * Parses a filter.
     *
     * @throws IllegalArgumentException the text is not a filter, or is too long; the message contains it
     */
    public static Filter filter(String text) {
        String shown = text == null ? "null" : "'" + CounterNames.printable(text) + "'";
        if (text != null && text.length() > MAX_FILTER_LENGTH) {
            throw new IllegalArgumentException(
                    "filter is too long: filter=" + shown + " length=" + text.length() + " max=" + MAX_FILTER_LENGTH);
        }
        try {
            Filter filter = FrameworkUtil.createFilter(text == null ? "" : text);
            // The normalized text is stored, and not always valid where the original is: (a~= ) becomes (a~=).
            return FrameworkUtil.createFilter(filter.toString());
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(
                    "invalid filter: filter=" + shown + " example=(counterex.backend=ets)", e);
        }
    }

    /**
     * Reads a route from a configuration.
     *
     * @throws IllegalArgumentException a setting is missing or invalid
     */
    public static Route of(String pid, Settings settings) {
        List<Glob> globs = settings.globs("namespaces");
        String target = settings.text("target", "");
        int ranking = (int) settings.number("ranking", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
        try {
            return new Route(pid, globs, filter(target), ranking);
        } catch (IllegalArgumentException e) {
            throw settings.invalid("target", "a filter (" + e.getMessage() + ")");
        }
    }

    /** Returns whether every glob has a wildcard. */
    public boolean hasWildcard() {
        return globs.stream().noneMatch(Glob::literal);
    }

    /** Returns the glob that matches a namespace, preferably one without wildcards; null if none does. */
    Glob match(String namespace) {
        Glob matched = null;
        for (Glob glob : globs) {
            if ((matched == null || glob.literal()) && glob.matches(namespace)) {
                matched = glob;
            }
        }
        return matched;
    }
}
