package org.counterex.registry.provider;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.counterex.api.CounterNames;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.backend.Settings;
import org.osgi.framework.Filter;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationException;
import org.osgi.service.cm.ManagedServiceFactory;

/**
 * The routes: factory configurations of {@value BackendRegistry#ROUTE_PID}, whoever makes them.
 *
 * <p>Those that are made through {@link BackendRegistry} take effect at once and are then kept as such a configuration,
 * with a PID that follows from the glob; the Configuration Admin tells of it later, and that changes nothing.
 */
final class Routes implements ManagedServiceFactory {

    private final Mover mover;
    private final ConfigurationAdmin configurations;

    Routes(Mover mover, ConfigurationAdmin configurations) {
        this.mover = mover;
        this.configurations = configurations;
    }

    /** Takes up the routes that exist already, so that nothing is resolved without them. */
    void load(Log log) {
        try {
            Configuration[] existing = configurations.listConfigurations(
                    "(" + ConfigurationAdmin.SERVICE_FACTORYPID + "=" + BackendRegistry.ROUTE_PID + ")");
            for (Configuration configuration : existing == null ? new Configuration[0] : existing) {
                try {
                    put(parsed(configuration.getPid(), configuration.getProcessedProperties(null)));
                } catch (IllegalArgumentException e) {
                    log.error("route is refused: pid=" + configuration.getPid() + " reason=" + e.getMessage(), null);
                }
            }
        } catch (IOException | InvalidSyntaxException e) {
            log.error("routes could not be read", e);
        }
    }

    @Override
    public String getName() {
        return "routes from namespaces to backends";
    }

    @Override
    public void updated(String pid, Dictionary<String, ?> properties) throws ConfigurationException {
        try {
            put(parsed(pid, properties));
        } catch (IllegalArgumentException e) {
            removeIf(route -> route.pid().equals(pid));
            throw new ConfigurationException(pid, e.getMessage(), e);
        } finally {
            mover.submit(() -> mover.reconcile("configuration of " + pid));
        }
    }

    @Override
    public void deleted(String pid) {
        if (removeIf(route -> route.pid().equals(pid)) != null) {
            mover.submit(() -> mover.reconcile("deletion of " + pid));
        }
    }

    private static Route parsed(String pid, Dictionary<String, ?> properties) {
        Map<String, Object> values = new HashMap<>();
        properties.keys().asIterator().forEachRemaining(key -> values.put(key, properties.get(key)));
        return Route.of(pid, new Settings(values));
    }

    /** Routes a glob, in the place of what did so before. Not kept yet. */
    Route put(String glob, Filter target) {
        Route former = find(glob);
        Route route = new Route(
                former != null && former.globs().size() == 1 ? former.pid() : pid(glob),
                List.of(Glob.of(glob)),
                target,
                former == null ? 0 : former.ranking());
        put(route);
        return route;
    }

    private void put(Route route) {
        mover.change(inputs -> {
            List<Route> routes = new ArrayList<>(inputs.routes());
            routes.removeIf(other -> other.pid().equals(route.pid()));
            routes.add(route);
            return new Resolver(routes, inputs.backends());
        });
    }

    /**
     * Takes the route of a glob back. Not kept yet.
     *
     * @throws IllegalArgumentException there is none
     */
    Route remove(String glob) {
        Route route = find(glob);
        if (route == null) {
            throw new IllegalArgumentException("there is no such route: glob='" + CounterNames.printable(glob) + "'");
        }
        removeIf(other -> other.pid().equals(route.pid()));
        if (route.globs().size() > 1) {
            put(without(route, glob));
        }
        return route;
    }

    private static Route without(Route route, String glob) {
        List<Glob> rest = route.globs().stream()
                .filter(other -> !other.text().equals(glob))
                .toList();
        return new Route(route.pid(), rest, route.target(), route.ranking());
    }

    private Route find(String glob) {
        return mover.resolver().routes().stream()
                .filter(route ->
                        route.globs().stream().anyMatch(other -> other.text().equals(glob)))
                .findFirst()
                .orElse(null);
    }

    private Route removeIf(Predicate<Route> condition) {
        Route removed =
                mover.resolver().routes().stream().filter(condition).findFirst().orElse(null);
        mover.change(inputs ->
                new Resolver(inputs.routes().stream().filter(condition.negate()).toList(), inputs.backends()));
        return removed;
    }

    /** Keeps a route through restarts; one that came from a file says so in its properties, and goes back there. */
    void keep(Route route) {
        try {
            Configuration configuration = configuration(route.pid());
            Dictionary<String, Object> properties = configuration.getProperties();
            properties = properties == null ? new Hashtable<>() : properties;
            properties.put("namespaces", route.globs().stream().map(Glob::text).toArray(String[]::new));
            properties.put("target", route.target().toString());
            properties.put("ranking", route.ranking());
            configuration.updateIfDifferent(properties);
        } catch (IOException e) {
            throw new IllegalStateException("route is in effect, but could not be kept: " + e.getMessage(), e);
        }
    }

    /** Keeps through restarts that a glob is not routed any more. */
    void forget(Route route, String glob) {
        if (route.globs().size() > 1) {
            keep(without(route, glob));
            return;
        }
        try {
            configuration(route.pid()).delete();
        } catch (IOException e) {
            throw new IllegalStateException("route has no effect now, but comes back: " + e.getMessage(), e);
        }
    }

    private Configuration configuration(String pid) throws IOException {
        String own = BackendRegistry.ROUTE_PID + "~";
        return pid.startsWith(own)
                ? configurations.getFactoryConfiguration(BackendRegistry.ROUTE_PID, pid.substring(own.length()), "?")
                : configurations.getConfiguration(pid, "?");
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
