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
 * The routes as factory configurations of {@value BackendRegistry#ROUTE_PID}, whoever makes them: keeps what is changed
 * through {@link BackendRegistry}, and follows what is changed elsewhere.
 *
 * <p>A change through the service takes effect at once and is stored afterwards. The Configuration Admin tells of each
 * change later, by a thread of its own, so what it tells may have been overtaken. Therefore an event only says
 * <em>which</em> route to look at: what is stored at that time is taken, and only if no change through the service was
 * under way from before it was read until the thread that moves has taken it up. Otherwise it is looked at again when
 * those changes are stored.
 */
public final class RouteConfigurations implements ManagedServiceFactory {

    private static final int ATTEMPTS = 5;

    /** What a change through the service has changed. */
    record Changed<R>(String pid, R result) {}

    private final Migration migration;
    private final RouteTable routes;
    private final ConfigurationAdmin configurations;

    /** Changes through the service that have begun, and those of them that are stored. */
    private final AtomicLong begun = new AtomicLong();

    private final AtomicLong stored = new AtomicLong();

    /** What is to be looked at when all that has begun is stored. */
    private final Set<String> due = ConcurrentHashMap.newKeySet();

    public RouteConfigurations(Migration migration, RouteTable routes, ConfigurationAdmin configurations) {
        this.migration = migration;
        this.routes = routes;
        this.configurations = configurations;
    }

    /** Takes up the routes that exist already, so that nothing is resolved without them. */
    public void load(ServiceLog log) {
        try {
            List<Route> existing = new ArrayList<>();
            for (Configuration configuration :
                    list("(" + ConfigurationAdmin.SERVICE_FACTORYPID + "=" + BackendRegistry.ROUTE_PID + ")")) {
                try {
                    existing.add(parsed(configuration.getPid(), configuration.getProcessedProperties(null)));
                } catch (IllegalArgumentException e) {
                    log.error("route is refused: pid=" + configuration.getPid() + " reason=" + e.getMessage());
                }
            }
            routes.putAll(existing);
        } catch (IOException e) {
            log.error("routes could not be read", e);
        }
    }

    private List<Configuration> list(String filter) throws IOException {
        try {
            Configuration[] found = configurations.listConfigurations(filter);
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e); // it is made of a PID
        }
    }

    private static Route parsed(String pid, Dictionary<String, ?> properties) {
        Map<String, Object> values = new HashMap<>();
        properties.keys().asIterator().forEachRemaining(key -> values.put(key, properties.get(key)));
        return Route.of(pid, new Settings(values));
    }

    // What is changed elsewhere

    @Override
    public String getName() {
        return "routes from namespaces to backends";
    }

    @Override
    public void updated(String pid, Dictionary<String, ?> properties) throws ConfigurationException {
        Route told = null;
        try {
            told = parsed(pid, properties);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(pid, e.getMessage(), e);
        } finally {
            if (told == null || !told.equals(routes.find(pid))) {
                follow(pid);
            }
        }
    }

    @Override
    public void deleted(String pid) {
        if (routes.find(pid) != null) {
            follow(pid);
        }
    }

    /** Has what is stored of a PID take effect. */
    private void follow(String pid) {
        long seen = begun.get();
        if (seen != stored.get()) {
            postpone(pid);
            return;
        }
        Route route = read(pid);
        migration.loop().submit(() -> {
            if (begun.get() != seen) {
                due.add(pid);
                migration.calls().runAsync(this::followDue); // which calls the Configuration Admin
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
            for (Configuration found : list("(service.pid=" + PlacementResolver.escaped(pid) + ")")) {
                return parsed(pid, found.getProcessedProperties(null));
            }
        } catch (IllegalArgumentException e) {
            // No route; the event that tells of this configuration is answered with the reason.
        } catch (IOException e) {
            throw new IllegalStateException("route could not be read: pid=" + pid + " (" + e.getMessage() + ")", e);
        }
        return null;
    }

    private void postpone(String pid) {
        due.add(pid);
        followDue(); // the last change may have been stored just before it was added
    }

    private void followDue() {
        if (begun.get() == stored.get()) {
            for (String pid : due) {
                if (due.remove(pid)) {
                    follow(pid);
                }
            }
        }
    }

    // What is changed through the service

    /** Makes a change, which takes effect by itself, and keeps through restarts what has become of the route. */
    <R> R change(Supplier<Changed<R>> change) {
        begun.incrementAndGet();
        try {
            Changed<R> changed = change.get();
            keep(changed.pid());
            return changed.result();
        } finally {
            stored.incrementAndGet();
            followDue();
        }
    }

    /** Stores what is in effect; if that changes meanwhile, again, so that the last to store has stored the last change. */
    private void keep(String pid) {
        Route route = routes.find(pid);
        for (int attempt = 1; ; attempt++) {
            try {
                store(pid, route);
                Route now = routes.find(pid);
                if (Objects.equals(route, now)) {
                    return;
                }
                route = now;
            } catch (IOException | IllegalStateException e) {
                // The configuration may have been deleted, by another thread, between looking it up and changing it.
                if (e instanceof IOException || attempt == ATTEMPTS) {
                    throw new IllegalStateException(
                            "route is changed now, but not after a restart: pid=" + pid + " (" + e.getMessage() + ")",
                            e);
                }
            }
        }
    }

    private void store(String pid, Route route) throws IOException {
        String own = BackendRegistry.ROUTE_PID + "~";
        Configuration configuration = pid.startsWith(own)
                ? configurations.getFactoryConfiguration(BackendRegistry.ROUTE_PID, pid.substring(own.length()), "?")
                : configurations.getConfiguration(pid, "?");
        if (route == null) {
            configuration.delete();
            return;
        }
        // One that came from a file says so in its properties, and goes back there.
        Dictionary<String, Object> properties = configuration.getProperties();
        properties = properties == null ? new Hashtable<>() : properties;
        properties.put("namespaces", route.globs().stream().map(Glob::text).toArray(String[]::new));
        properties.put("target", route.target().toString());
        properties.put("ranking", route.ranking());
        configuration.updateIfDifferent(properties);
    }
}
