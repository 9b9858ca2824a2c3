package org.counterex.web.provider.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.counterex.api.CounterNames;
import org.counterex.web.provider.http.LenientGlob;

/**
 * Filter of the counters in a scrape. A pattern is a glob for namespaces, optionally followed by a slash and a glob for
 * keys; a backslash quotes a slash that is part of a namespace. Immutable.
 */
final class MetricsFilter {

    /** Bounds the cost of a scrape for each counter. */
    private static final int MAX_PATTERNS = 100;

    /** Accepts every counter. */
    static final MetricsFilter ALL = new MetricsFilter(null, List.of(), List.of());

    /** Filter that must accept a counter, too; null for none. */
    private final MetricsFilter outer;

    private final List<Pattern> include;
    private final List<Pattern> exclude;

    private record Pattern(Predicate<String> namespace, Predicate<String> key) {

        static final Predicate<String> ALL = name -> true;

        /** @throws IllegalArgumentException the text is not a pattern */
        static Pattern of(String text) {
            int slash = slash(text);
            if (slash == 0 || slash == text.length() - 1) {
                throw new IllegalArgumentException("invalid pattern: pattern='" + CounterNames.printable(text)
                        + "' expected=a glob for namespaces, optionally with a slash and a glob for keys");
            }
            return slash < 0
                    ? new Pattern(glob(text), ALL)
                    : new Pattern(glob(text.substring(0, slash)), glob(text.substring(slash + 1)));
        }

        private static Predicate<String> glob(String text) {
            return text.equals("*") ? ALL : LenientGlob.of(text)::matches;
        }

        /** Returns the index of the first slash that is not quoted, or -1. */
        private static int slash(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) == '\\') {
                    i++;
                } else if (text.charAt(i) == '/') {
                    return i;
                }
            }
            return -1;
        }

        boolean matchesAllKeysOf(String name) {
            return key == ALL && namespace.test(name);
        }
    }

    /**
     * @param outer filter that must accept a counter, too; null for none
     * @param include empty to include all counters
     * @param exclude takes precedence over {@code include}
     * @throws IllegalArgumentException a pattern is invalid, or there are too many
     */
    MetricsFilter(MetricsFilter outer, List<String> include, List<String> exclude) {
        if (include.size() + exclude.size() > MAX_PATTERNS) {
            throw new IllegalArgumentException(
                    "too many patterns: patterns=" + (include.size() + exclude.size()) + " max=" + MAX_PATTERNS);
        }
        this.outer = outer;
        this.include = include.stream().map(Pattern::of).toList();
        this.exclude = exclude.stream().map(Pattern::of).toList();
    }

    /** Returns whether any counter of a namespace may be accepted. */
    boolean acceptsSomeOf(String namespace) {
        return (outer == null || outer.acceptsSomeOf(namespace))
                && (include.isEmpty()
                        || include.stream()
                                .anyMatch(pattern -> pattern.namespace().test(namespace)))
                && exclude.stream().noneMatch(pattern -> pattern.matchesAllKeysOf(namespace));
    }

    /** Returns the filter for the keys of a namespace of which {@linkplain #acceptsSomeOf some} are accepted. */
    Predicate<String> keysOf(String namespace) {
        List<Predicate<String>> included = keys(include, namespace);
        List<Predicate<String>> excluded = keys(exclude, namespace);
        Predicate<String> outerKeys = outer == null ? Pattern.ALL : outer.keysOf(namespace);
        return key -> (include.isEmpty() || included.stream().anyMatch(glob -> glob.test(key)))
                && outerKeys.test(key)
                && excluded.stream().noneMatch(glob -> glob.test(key));
    }

    private static List<Predicate<String>> keys(List<Pattern> patterns, String namespace) {
        List<Predicate<String>> keys = new ArrayList<>();
        for (Pattern pattern : patterns) {
            if (pattern.namespace().test(namespace)) {
                keys.add(pattern.key());
            }
        }
        return keys;
    }
}
