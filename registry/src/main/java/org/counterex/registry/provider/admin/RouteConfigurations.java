package org.counterex.registry.provider.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.counterex.api.Glob;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.registry.provider.migration.Migration;
import org.counterex.registry.provider.routing.PlacementResolver;
import org.counterex.registry.provider.routing.Route;
import org.counterex.registry.provider.routing.RouteTable;
import org.counterex.support.config.Settings;
import org.counterex.support.log.ServiceLog;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationException;
import org.osgi.service.cm.ManagedServiceFactory;

/**
 * The routes as factory configurations of {@value BackendRegistry#ROUTE_PID}: stores the changes made through {@link
 * BackendRegistry}, and applies those made by other means.
 *
 * <p><b>Order of changes.</b> A change through the service takes effect at once and is stored afterwards. The
 * Configuration Admin notifies of each change later, on a thread of its own, so a notification may be outdated. It
 * therefore only selects <em>which</em> route to reload. The stored configuration is applied only if no change through
 * the service was in progress from before it was read until the control thread applies it; otherwise the route is
 * reloaded once those changes are stored.
 */
public final class RouteConfigurations implements ManagedServiceFactory {

    private static final int ATTEMPTS = 5;

    /** The PID of the route that was changed through the service, and the result of the change. */
    record Changed<R>(String pid, R result) {}

    private final Migration migration;
    private final RouteTable routes;
    private final ConfigurationAdmin configurations;

    /** Number of changes through the service that have begun, and number of those that are stored. */
    private final AtomicLong begun = new AtomicLong();

    private final AtomicLong stored = new AtomicLong();

    /** PIDs to reload once all changes that have begun are stored. */
    private final Set<String> pending = ConcurrentHashMap.newKeySet();

    public RouteConfigurations(Migration migration, RouteTable routes, ConfigurationAdmin configurations) {
        this.migration = migration;
        this.routes = routes;
        this.configurations = configurations;
    }

    /** Loads the existing routes. Called before any namespace is placed. */
    public void load(ServiceLog log) {
        try {
            List<Route> existing = new ArrayList<>();
            for (Configuration configuration :
                    list("(" + ConfigurationAdmin.SERVICE_FACTORYPID + "=" + BackendRegistry.ROUTE_PID + ")")) {
                try {
                    existing.add(parsed(configuration.getPid(), configuration.getProcessedProperties(null)));
                } catch (IllegalArgumentException e) {
                    log.error("route rejected: pid=" + configuration.getPid() + " reason=" + e.getMessage());
                }
            }
            routes.putAll(existing);
        } catch (IOException e) {
            log.error("failed to read routes", e);
        }
    }

    private List<Configuration> list(String filter) throws IOException {
        try {
            Configuration[] found = configurations.listConfigurations(filter);
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e); // cannot happen: the filter is built from a PID
        }
    }

    private static Route parsed(String pid, Dictionary<String, ?> properties) {
        Map<String, Object> values = new HashMap<>();
        properties.keys().asIterator().forEachRemaining(key -> values.put(key, properties.get(key)));
        return Route.of(pid, new Settings(values));
    }

    // Changes by other means

    @Override
    public String getName() {
        return "CounterEx routes";
    }

    @Override
    public void updated(String pid, Dictionary<String, ?> properties) throws ConfigurationException {
        Route notified = null;
        try {
            notified = parsed(pid, properties);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(pid, e.getMessage(), e);
        } finally {
            if (notified == null || !notified.equals(routes.find(pid))) {
                reload(pid);
            }
        }
    }

    @Override
    public void deleted(String pid) {
        if (routes.find(pid) != null) {
            reload(pid);
        }
    }

    /** Schedules that the stored configuration of a PID is applied. */
    private void reload(String pid) {
        long seen = begun.get();
        if (seen != stored.get()) {
            postpone(pid);
            return;
        }
        Route route = read(pid);
        migration.loop().submit(() -> {
            if (begun.get() != seen) {
                pending.add(pid);
                migration
                        .calls()
                        .runAsync(this::reloadPending); // not on the control thread: it calls the Configuration Admin
            } else if (!Objects.equals(route, routes.find(pid))) {
                if (route == null) {
                    routes.drop(pid);
                } else {
                    routes.putAll(List.of(route));
                }
                migration.reconciler().reconcile("configuration of " + pid);
            }
            return null;
        });
    }

    private Route read(String pid) {
        try {
            for (Configuration found : list("(service.pid=" + PlacementResolver.escape(pid) + ")")) {
                return parsed(pid, found.getProcessedProperties(null));
            }
        } catch (IllegalArgumentException e) {
            // Treated as no route; the notification of this configuration is answered with the reason.
        } catch (IOException e) {
            throw new IllegalStateException("failed to read route: pid=" + pid + " reason=" + e.getMessage(), e);
        }
        return null;
    }

    private void postpone(String pid) {
        pending.add(pid);
        reloadPending(); // the last change may have been stored before the PID was added
    }

    private void reloadPending() {
        if (begun.get() == stored.get()) {
            for (String pid : pending) {
                if (pending.remove(pid)) {
                    reload(pid);
                }
            }
        }
    }

    // Changes through the service

    /** Runs a change, which puts the route into effect itself, and then stores the route. */
    <R> R change(Supplier<Changed<R>> change) {
        begun.incrementAndGet();
        try {
            Changed<R> changed = change.get();
            persist(changed.pid());
            return changed.result();
        } finally {
            stored.incrementAndGet();
            reloadPending();
        }
    }

    /**
     * Stores the active route, and repeats that if it changes meanwhile: the last thread to store stores the last
     * change.
     */
    private void persist(String pid) {
        Route route = routes.find(pid);
        for (int attempt = 1; ; attempt++) {
            try {
                store(pid, route);
                Route latest = routes.find(pid);
                if (Objects.equals(route, latest)) {
                    return;
                }
                route = latest;
            } catch (IOException | IllegalStateException e) {
                // Another thread may have deleted the configuration between look-up and change: retry.
                if (e instanceof IOException || attempt == ATTEMPTS) {
                    throw new IllegalStateException(
                            "route is changed but could not be stored: pid=" + pid + " reason=" + e.getMessage(), e);
                }
            }
        }
    }

    private void store(String pid, Route route) throws IOException {
        String prefix = BackendRegistry.ROUTE_PID + "~";
        Configuration configuration = pid.startsWith(prefix)
                ? configurations.getFactoryConfiguration(BackendRegistry.ROUTE_PID, pid.substring(prefix.length()), "?")
                : configurations.getConfiguration(pid, "?");
        if (route == null) {
            configuration.delete();
            return;
        }
        // Keeps unknown properties: one that came from a file names the file there, and is written back to it.
        Dictionary<String, Object> properties = configuration.getProperties();
        properties = properties == null ? new Hashtable<>() : properties;
        properties.put("namespaces", route.globs().stream().map(Glob::text).toArray(String[]::new));
        properties.put("target", route.target().toString());
        properties.put("ranking", route.ranking());
        configuration.updateIfDifferent(properties);
    }
}
