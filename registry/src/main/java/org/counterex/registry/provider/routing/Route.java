package org.counterex.registry.provider.routing;

import java.util.Comparator;
import java.util.List;
import org.counterex.api.CounterNames;
import org.counterex.api.Glob;
import org.counterex.support.config.Settings;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;

/** Sends the namespaces that match one of its globs to the backends that match its filter. */
public record Route(String pid, List<Glob> globs, Filter target, int ranking) {

    /** As long as filters may be: they are parsed and matched by recursion, which has to have an end. */
    private static final int LONGEST_FILTER = 4096;

    /** Higher rankings first, then the order of PIDs: any fixed order will do. */
    static final Comparator<Route> ORDER =
            Comparator.comparingInt(Route::ranking).reversed().thenComparing(Route::pid);

    /** @throws IllegalArgumentException it does not parse, or is too long; the message shows it */
    public static Filter filter(String text) {
        String shown = text == null ? "null" : "'" + CounterNames.printable(text) + "'";
        if (text != null && text.length() > LONGEST_FILTER) {
            throw new IllegalArgumentException(
                    "filter is too long: filter=" + shown + " length=" + text.length() + " longest=" + LONGEST_FILTER);
        }
        try {
            Filter filter = FrameworkUtil.createFilter(text == null ? "" : text);
            // Its own text is what is kept of it, and not every filter has one that parses: (a~= ) becomes (a~=).
            return FrameworkUtil.createFilter(filter.toString());
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(
                    "filter does not parse: filter=" + shown + " wanted=for instance (counterex.backend=ets)", e);
        }
    }

    /**
     * Reads a route.
     *
     * @throws IllegalArgumentException a setting makes no sense
     */
    public static Route of(String pid, Settings settings) {
        List<Glob> globs = settings.globs("namespaces");
        String target = settings.text("target", "");
        int ranking = (int) settings.number("ranking", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
        try {
            return new Route(pid, globs, filter(target), ranking);
        } catch (IllegalArgumentException e) {
            throw settings.refused("target", "a filter (" + e.getMessage() + ")");
        }
    }

    /** Whether no glob is a mere name. */
    public boolean hasWildcard() {
        return globs.stream().noneMatch(Glob::literal);
    }

    /** The glob by which this route matches a namespace: one that is a mere name before one with wildcards; or null. */
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
