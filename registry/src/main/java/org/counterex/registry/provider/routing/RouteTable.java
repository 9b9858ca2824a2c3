package org.counterex.registry.provider.routing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.counterex.api.CounterNames;
import org.counterex.api.Glob;
import org.counterex.api.admin.BackendRegistry;
import org.osgi.framework.Filter;

/** The active routes, one of the inputs of placement resolution. Edited by the control thread only. */
public final class RouteTable {

    private final RoutingState state;

    public RouteTable(RoutingState state) {
        this.state = state;
    }

    List<Route> all() {
        return state.current().routes();
    }

    /** Returns the route with a PID; null if there is none. */
    public Route find(String pid) {
        return first(route -> route.pid().equals(pid));
    }

    private Route first(Predicate<Route> condition) {
        return all().stream().filter(condition).findFirst().orElse(null);
    }

    /** Returns the route that has a glob; null if there is none. */
    private Route withGlob(String glob) {
        return first(
                route -> route.globs().stream().anyMatch(other -> other.text().equals(glob)));
    }

    /** Adds a route for a glob, or replaces the target of the route that has it. */
    public Route put(String glob, Filter target) {
        Route previous = withGlob(glob);
        Route route = new Route(
                previous != null && previous.globs().size() == 1 ? previous.pid() : pid(glob),
                List.of(Glob.of(glob)),
                target,
                previous == null ? 0 : previous.ranking());
        putAll(List.of(route));
        return route;
    }

    /** Adds routes, each replacing the route that has the same PID. */
    public void putAll(Collection<Route> routes) {
        Set<String> pids = routes.stream().map(Route::pid).collect(Collectors.toSet());
        state.update(inputs -> new PlacementResolver(
                Stream.concat(inputs.routes().stream().filter(other -> !pids.contains(other.pid())), routes.stream())
                        .toList(),
                inputs.backends()));
    }

    /**
     * Removes a glob from its route, and the route with its last glob.
     *
     * @return the PID of the changed route
     * @throws IllegalArgumentException no route has the glob
     */
    public String remove(String glob) {
        Route route = withGlob(glob);
        if (route == null) {
            throw new IllegalArgumentException("no such route: glob='" + CounterNames.printable(glob) + "'");
        }
        List<Glob> remaining = route.globs().stream()
                .filter(other -> !other.text().equals(glob))
                .toList();
        if (remaining.isEmpty()) {
            drop(route.pid());
        } else {
            putAll(List.of(new Route(route.pid(), remaining, route.target(), route.ranking())));
        }
        return route.pid();
    }

    /** Removes the route with a PID, if there is one. */
    public void drop(String pid) {
        state.update(inputs -> new PlacementResolver(
                inputs.routes().stream()
                        .filter(route -> !route.pid().equals(pid))
                        .toList(),
                inputs.backends()));
    }

    /**
     * Returns the PID for the route of a glob: a digest, as PIDs become file names and a glob may be too long for one.
     */
    private static String pid(String glob) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(glob.getBytes(StandardCharsets.UTF_8));
            return BackendRegistry.ROUTE_PID + "~" + HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // required of every Java platform
        }
    }
}
