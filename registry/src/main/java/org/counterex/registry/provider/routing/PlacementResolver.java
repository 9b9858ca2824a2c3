package org.counterex.registry.provider.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.counterex.api.Glob;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;

/**
 * Placement resolution: a pure function from routes, active backends and the name of a namespace to the backends that
 * may host it. Immutable; a change of an input makes a new instance.
 */
public record PlacementResolver(List<Route> routes, List<BackendHandle> backends) {

    private static final Comparator<BackendHandle> DEFAULT = Comparator.comparing(
                    (BackendHandle backend) -> !backend.type().equals("ets"))
            .thenComparing(BackendHandle.ORDER);

    /** A candidate for a namespace, with the reason in one sentence. */
    public record Choice(BackendHandle backend, String reason) {}

    public PlacementResolver(List<Route> routes, List<BackendHandle> backends) {
        this.routes = routes.stream().sorted(Route.ORDER).toList();
        this.backends = backends.stream().sorted(DEFAULT).toList();
    }

    /**
     * Returns the candidates for a namespace, best first, each backend once; empty if no active backend may host it.
     */
    public List<Choice> choices(String namespace) {
        List<Choice> choices = new ArrayList<>();
        for (boolean literal : new boolean[] {true, false}) {
            for (Route route : routes) {
                Glob glob = route.match(namespace);
                if (glob != null && glob.literal() == literal) {
                    backends.stream()
                            .filter(backend -> route.target().matches(backend.properties()))
                            .sorted(BackendHandle.ORDER)
                            .forEach(backend ->
                                    add(choices, backend, "route " + glob + " has target " + route.target()));
                }
            }
        }
        backends.stream()
                .sorted(BackendHandle.ORDER)
                .forEach(backend -> backend.claims().stream()
                        .filter(claim -> claim.matches(namespace))
                        .findFirst()
                        .ifPresent(claim -> add(choices, backend, "the backend claims " + claim)));
        for (BackendHandle backend : backends) {
            if (!backend.retainsValues()) {
                add(
                        choices,
                        backend,
                        backend.type().equals("ets")
                                ? "ets is the default where no route or claim applies"
                                : "no route or claim applies and ets is not active; first of the others by ranking and age");
            }
        }
        choices.removeIf(choice -> !choice.backend().hasNoPendingDeletes(namespace));
        return choices;
    }

    /** Returns the backends that a user refers to by a filter in parentheses, a name or label, or else a type. */
    public List<BackendHandle> named(String reference) {
        if (reference.startsWith("(")) {
            var filter = Route.filter(reference);
            return backends.stream()
                    .filter(backend -> filter.matches(backend.properties()))
                    .sorted(BackendHandle.ORDER)
                    .toList();
        }
        List<BackendHandle> byName = backends.stream()
                .filter(backend ->
                        backend.name().equals(reference) || backend.label().equals(reference))
                .sorted(BackendHandle.ORDER)
                .toList();
        return !byName.isEmpty()
                ? byName
                : backends.stream()
                        .filter(backend -> backend.type().equals(reference))
                        .sorted(BackendHandle.ORDER)
                        .toList();
    }

    /** Returns a filter that keeps referring to the backend that a user refers to now. */
    public static String filterFor(String reference, BackendHandle backend) {
        if (reference.startsWith("(")) {
            return reference;
        }
        String type = "(" + CounterBackend.TYPE + "=" + escape(backend.type()) + ")";
        boolean byName = backend.properties().containsKey(CounterBackend.NAME)
                && (reference.equals(backend.label()) || reference.equals(backend.name()));
        return byName ? "(&" + type + "(" + CounterBackend.NAME + "=" + escape(backend.name()) + "))" : type;
    }

    public static String escape(String value) {
        return value.replaceAll("[\\\\*()]", "\\\\$0");
    }

    private static void add(List<Choice> choices, BackendHandle backend, String reason) {
        if (choices.stream().noneMatch(choice -> choice.backend() == backend)) {
            choices.add(new Choice(backend, reason));
        }
    }
}
