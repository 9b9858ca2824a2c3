package org.counterex.web.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.counterex.api.CounterNames;

/**
 * Which counters a scrape has. A pattern is a glob of namespaces, or one of namespaces and one of keys with a slash between;
 * {@code \} quotes a slash that belongs to the name of a namespace. Immutable.
 */
final class MetricsFilter {

    /** More would make a scrape slow for everybody. */
    private static final int MOST_PATTERNS = 100;

    /** Wants everything. */
    static final MetricsFilter ALL = new MetricsFilter(null, List.of(), List.of());

    /** What this one narrows; null for the widest. */
    private final MetricsFilter outer;

    private final List<Pattern> include;
    private final List<Pattern> exclude;

    private record Pattern(Predicate<String> namespace, Predicate<String> key) {

        static final Predicate<String> ALL = name -> true;

        /** @throws IllegalArgumentException it is none */
        static Pattern of(String text) {
            int slash = slash(text);
            if (slash == 0 || slash == text.length() - 1) {
                throw new IllegalArgumentException("pattern is refused: pattern='" + CounterNames.printable(text)
                        + "' wanted=a glob of namespaces, or one and one of keys with a slash between");
            }
            return slash < 0
                    ? new Pattern(glob(text), ALL)
                    : new Pattern(glob(text.substring(0, slash)), glob(text.substring(slash + 1)));
        }

        private static Predicate<String> glob(String text) {
            return text.equals("*") ? ALL : Search.glob(text);
        }

        /** The first one that is not quoted. */
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

        boolean isForAllOf(String name) {
            return key == ALL && namespace.test(name);
        }
    }

    /**
     * @param outer has to want a counter too
     * @param include empty for all
     * @param exclude comes before what is included
     * @throws IllegalArgumentException one is no pattern, or there are too many
     */
    MetricsFilter(MetricsFilter outer, List<String> include, List<String> exclude) {
        if (include.size() + exclude.size() > MOST_PATTERNS) {
            throw new IllegalArgumentException(
                    "too many patterns: patterns=" + (include.size() + exclude.size()) + " most=" + MOST_PATTERNS);
        }
        this.outer = outer;
        this.include = include.stream().map(Pattern::of).toList();
        this.exclude = exclude.stream().map(Pattern::of).toList();
    }

    /** Whether any counter of a namespace may be wanted. */
    boolean wants(String namespace) {
        return (outer == null || outer.wants(namespace))
                && (include.isEmpty()
                        || include.stream()
                                .anyMatch(pattern -> pattern.namespace().test(namespace)))
                && exclude.stream().noneMatch(pattern -> pattern.isForAllOf(namespace));
    }

    /** Which keys of a namespace are wanted, if {@linkplain #wants any} are. */
    Predicate<String> keysOf(String namespace) {
        List<Predicate<String>> wanted = keys(include, namespace);
        List<Predicate<String>> unwanted = keys(exclude, namespace);
        Predicate<String> also = outer == null ? Pattern.ALL : outer.keysOf(namespace);
        return key -> (include.isEmpty() || wanted.stream().anyMatch(glob -> glob.test(key)))
                && also.test(key)
                && unwanted.stream().noneMatch(glob -> glob.test(key));
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
