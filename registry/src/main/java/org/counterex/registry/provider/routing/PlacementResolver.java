package org.counterex.registry.provider.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.counterex.api.Glob;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;

/**
 * Where namespaces belong: a pure function of routes, active backends and the name. Immutable; a change of an input makes
 * a new one.
 */
public record PlacementResolver(List<Route> routes, List<BackendHandle> backends) {

    private static final Comparator<BackendHandle> DEFAULT = Comparator.comparing(
                    (BackendHandle backend) -> !backend.type().equals("ets"))
            .thenComparing(BackendHandle.ORDER);

    /** One place for a namespace, with one sentence that says why. */
    public record Choice(BackendHandle backend, String reason) {}

    public PlacementResolver(List<Route> routes, List<BackendHandle> backends) {
        this.routes = routes.stream().sorted(Route.ORDER).toList();
        this.backends = backends.stream().sorted(DEFAULT).toList();
    }

    /** The places for a namespace, best first, each backend once. None if no backend is active that may have it. */
    public List<Choice> choices(String namespace) {
        List<Choice> choices = new ArrayList<>();
        for (boolean literal : new boolean[] {true, false}) {
            for (Route route : routes) {
                Glob glob = route.match(namespace);
                if (glob != null && glob.literal() == literal) {
                    backends.stream()
                            .filter(backend -> route.target().matches(backend.properties()))
                            .sorted(BackendHandle.ORDER)
                            .forEach(backend -> add(choices, backend, "route " + glob + " leads to " + route.target()));
                }
            }
        }
        backends.stream()
                .sorted(BackendHandle.ORDER)
                .forEach(backend -> backend.claims().stream()
                        .filter(claim -> claim.matches(namespace))
                        .findFirst()
                        .ifPresent(claim -> add(choices, backend, "it claims " + claim)));
        for (BackendHandle backend : backends) {
            if (!backend.retainsValues()) {
                add(
                        choices,
                        backend,
                        backend.type().equals("ets")
                                ? "ets is the default where no route or claim applies"
                                : "no route, claim or ets is active, and of the others it comes first by ranking and age");
            }
        }
        choices.removeIf(choice -> !choice.backend().hasNoPendingDeletes(namespace));
        return choices;
    }

    /** The backends that a word of a user means: a filter in parentheses, a name or a type. */
    public List<BackendHandle> named(String word) {
        if (word.startsWith("(")) {
            var filter = Route.filter(word);
            return backends.stream()
                    .filter(backend -> filter.matches(backend.properties()))
                    .sorted(BackendHandle.ORDER)
                    .toList();
        }
        List<BackendHandle> byName = backends.stream()
                .filter(backend ->
                        backend.name().equals(word) || backend.label().equals(word))
                .sorted(BackendHandle.ORDER)
                .toList();
        return !byName.isEmpty()
                ? byName
                : backends.stream()
                        .filter(backend -> backend.type().equals(word))
                        .sorted(BackendHandle.ORDER)
                        .toList();
    }

    /** The filter that goes on meaning what a user's word means now. */
    public static String filterFor(String word, BackendHandle meant) {
        if (word.startsWith("(")) {
            return word;
        }
        String type = "(" + CounterBackend.TYPE + "=" + escaped(meant.type()) + ")";
        boolean byName = meant.properties().containsKey(CounterBackend.NAME)
                && (word.equals(meant.label()) || word.equals(meant.name()));
        return byName ? "(&" + type + "(" + CounterBackend.NAME + "=" + escaped(meant.name()) + "))" : type;
    }

    public static String escaped(String value) {
        return value.replaceAll("[\\\\*()]", "\\\\$0");
    }

    private static void add(List<Choice> choices, BackendHandle backend, String reason) {
        if (choices.stream().noneMatch(choice -> choice.backend() == backend)) {
            choices.add(new Choice(backend, reason));
        }
    }
}
