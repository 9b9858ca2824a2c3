package org.counterex.registry.provider.admin;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterNames;
import org.counterex.api.Glob;
import org.counterex.api.NoBackendException;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;
import org.counterex.api.admin.RouteDTO;
import org.counterex.api.backend.BackendInfo;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.migration.Migration;
import org.counterex.registry.provider.migration.MoveLog;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.namespace.RootNamespace;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.UnplacedStore;
import org.counterex.registry.provider.routing.PlacementResolver;
import org.counterex.registry.provider.routing.Route;
import org.counterex.registry.provider.routing.RouteTable;

/**
 * Implementation of the {@link BackendRegistry} service: reports the current state, and runs changes on the control
 * thread.
 */
public final class RegistryAdmin implements BackendRegistry {

    private final Migration migration;
    private final RouteTable routes;
    private final RouteConfigurations configurations;
    private final MoveLog moveLog;

    public RegistryAdmin(Migration migration, RouteTable routes, RouteConfigurations configurations, MoveLog moveLog) {
        this.migration = migration;
        this.routes = routes;
        this.configurations = configurations;
        this.moveLog = moveLog;
    }

    @Override
    public List<BackendDTO> backends() {
        return migration.routing().current().backends().stream()
                .map(RegistryAdmin::dto)
                .toList();
    }

    private static BackendDTO dto(BackendHandle backend) {
        BackendDTO dto = backend.describe();
        if (backend.acquireForRead()) {
            try {
                BackendInfo info = backend.service().info();
                dto.namespaces.putAll(info.namespaces());
                info.capacity().ifPresent(capacity -> dto.capacity = capacity);
                dto.details.putAll(info.details());
            } catch (RuntimeException | LinkageError e) {
                dto.details.put("problem", String.valueOf(e.getMessage()));
            } finally {
                backend.release();
            }
        }
        return dto;
    }

    @Override
    public List<RouteDTO> routes() {
        PlacementResolver resolver = migration.routing().current();
        return resolver.routes().stream()
                .sorted(Comparator.comparing(Route::hasWildcard))
                .map(route -> dto(route, resolver))
                .toList();
    }

    private static RouteDTO dto(Route route, PlacementResolver resolver) {
        RouteDTO dto = new RouteDTO();
        dto.namespaces = route.globs().stream().map(Glob::text).toList();
        dto.target = route.target().toString();
        dto.ranking = route.ranking();
        dto.active =
                resolver.backends().stream().anyMatch(backend -> route.target().matches(backend.properties()));
        dto.pid = route.pid();
        return dto;
    }

    @Override
    public List<NamespaceDTO> namespaces() {
        return migration.namespaces().all().stream()
                .filter(RootNamespace::hasCounters)
                .map(namespace -> explain(namespace.name()))
                .sorted(Comparator.comparing(dto -> dto.namespace))
                .toList();
    }

    @Override
    public NamespaceDTO explain(String name) {
        Namespace namespace = migration.namespaces().find(CounterNames.check("namespace", name));
        Placement placement = namespace == null ? Placement.settled(UnplacedStore.UNPLACED) : namespace.placement();
        NamespaceDTO dto = new NamespaceDTO();
        dto.namespace = name;
        dto.backend = placement.active().label();
        dto.moving = !placement.isSettled();
        try {
            dto.counters = placement.size();
        } catch (BackendUnavailableException e) {
            dto.counters = 0;
        }
        List<PlacementResolver.Choice> choices = migration.routing().current().choices(name);
        dto.targetBackend = choices.isEmpty()
                ? CounterStore.PARKING
                : choices.get(0).backend().label();
        dto.reason = choices.isEmpty()
                ? "no active backend may host the namespace"
                : choices.get(0).reason();
        return dto;
    }

    @Override
    public MoveDTO swap(String name, String reference) {
        Namespace namespace = migration.namespaces().namespace(CounterNames.check("namespace", name));
        if (reference == null) {
            throw new IllegalArgumentException("backend is missing: backend=null");
        }
        String glob = BackendRegistry.quote(name);
        return configurations.change(() -> onControlThread(name, () -> {
            PlacementResolver resolver = migration.routing().current();
            List<BackendHandle> named = resolver.named(reference);
            if (named.isEmpty()) {
                throw new IllegalArgumentException("no active backend matches: backend='"
                        + CounterNames.printable(reference) + "' active=" + resolver.backends());
            }
            MoveDTO move = migration.migrator().swap(namespace, named.get(0));
            Route route = routes.put(glob, Route.filter(PlacementResolver.filterFor(reference, named.get(0))));
            return new RouteConfigurations.Changed<>(route.pid(), move);
        }));
    }

    @Override
    public List<MoveDTO> route(String glob, String filter) {
        Glob.of(glob);
        var target = Route.filter(filter);
        return configurations.change(() -> onControlThread(glob, () -> {
            Route route = routes.put(glob, target);
            return new RouteConfigurations.Changed<>(
                    route.pid(), migration.reconciler().reconcile("route " + CounterNames.printable(glob)));
        }));
    }

    @Override
    public List<MoveDTO> unroute(String glob) {
        Glob.of(glob);
        return configurations.change(() -> onControlThread(glob, () -> {
            String pid = routes.remove(glob);
            return new RouteConfigurations.Changed<>(
                    pid, migration.reconciler().reconcile("unroute " + CounterNames.printable(glob)));
        }));
    }

    @Override
    public void flush(String name) {
        Namespace namespace = migration.namespaces().find(CounterNames.check("namespace", name));
        if (namespace != null) {
            migration.migrator().flush(namespace);
        }
    }

    @Override
    public List<MoveDTO> moves(long afterId, int limit) {
        if (afterId < 0 || limit < 0) {
            throw new IllegalArgumentException("invalid range of moves: afterId=" + afterId + " limit=" + limit);
        }
        return moveLog.moves(afterId, limit);
    }

    /**
     * Runs a task on the control thread and waits for its result. The wait ends, as all waits of that thread are
     * bounded.
     */
    private <R> R onControlThread(String subject, Callable<R> task) {
        try {
            return migration.loop().submit(task).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure
                    && !migration.loop().isStopped()) {
                throw failure;
            }
            throw new NoBackendException("registry is stopped", subject);
        } catch (CancellationException e) {
            throw new NoBackendException("registry is stopped", subject);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while waiting for a change, which continues: subject=" + subject, e);
        }
    }
}
