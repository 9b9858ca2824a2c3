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

/** The routes that are in effect: a part of the inputs of the resolution. Edited by the thread that moves. */
public final class RouteTable {

    private final RoutingState state;

    public RouteTable(RoutingState state) {
        this.state = state;
    }

    List<Route> all() {
        return state.current().routes();
    }

    /** The route of a PID; null if there is none. */
    public Route find(String pid) {
        return first(route -> route.pid().equals(pid));
    }

    private Route first(Predicate<Route> condition) {
        return all().stream().filter(condition).findFirst().orElse(null);
    }

    /** The route that has a glob; null if there is none. */
    private Route having(String glob) {
        return first(
                route -> route.globs().stream().anyMatch(other -> other.text().equals(glob)));
    }

    /** Routes a glob, in the place of what did so before. */
    public Route put(String glob, Filter target) {
        Route former = having(glob);
        Route route = new Route(
                former != null && former.globs().size() == 1 ? former.pid() : pid(glob),
                List.of(Glob.of(glob)),
                target,
                former == null ? 0 : former.ranking());
        putAll(List.of(route));
        return route;
    }

    /** Takes routes up, each in the place of what had its PID before. */
    public void putAll(Collection<Route> routes) {
        Set<String> pids = routes.stream().map(Route::pid).collect(Collectors.toSet());
        state.update(inputs -> new PlacementResolver(
                Stream.concat(inputs.routes().stream().filter(other -> !pids.contains(other.pid())), routes.stream())
                        .toList(),
                inputs.backends()));
    }

    /**
     * Takes the route of a glob back.
     *
     * @return the PID of what has changed
     * @throws IllegalArgumentException there is none
     */
    public String remove(String glob) {
        Route route = having(glob);
        if (route == null) {
            throw new IllegalArgumentException("there is no such route: glob='" + CounterNames.printable(glob) + "'");
        }
        List<Glob> rest = route.globs().stream()
                .filter(other -> !other.text().equals(glob))
                .toList();
        if (rest.isEmpty()) {
            drop(route.pid());
        } else {
            putAll(List.of(new Route(route.pid(), rest, route.target(), route.ranking())));
        }
        return route.pid();
    }

    /** Takes the route of a PID back, if there is one. */
    public void drop(String pid) {
        state.update(inputs -> new PlacementResolver(
                inputs.routes().stream()
                        .filter(route -> !route.pid().equals(pid))
                        .toList(),
                inputs.backends()));
    }

    /** A PID for the route of a glob. Globs may be longer than file names may be, and PIDs become file names. */
    private static String pid(String glob) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(glob.getBytes(StandardCharsets.UTF_8));
            return BackendRegistry.ROUTE_PID + "~" + HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
