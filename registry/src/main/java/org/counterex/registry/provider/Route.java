package org.counterex.registry.provider;

import java.util.Comparator;
import java.util.List;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;

/** Sends the namespaces that match one of its globs to the backends that match its filter. */
record Route(String pid, List<Glob> globs, Filter target, int ranking) {

    /** Higher rankings first, then the order of PIDs: any fixed order will do. */
    static final Comparator<Route> ORDER =
            Comparator.comparingInt(Route::ranking).reversed().thenComparing(Route::pid);

    /** @throws IllegalArgumentException it does not parse; the message shows it */
    static Filter filter(String text) {
        try {
            return FrameworkUtil.createFilter(text);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(
                    "filter does not parse: filter='" + text + "' wanted=for instance (counterex.backend=ets)", e);
        }
    }

    /** Whether no glob is a mere name. */
    boolean hasWildcard() {
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
