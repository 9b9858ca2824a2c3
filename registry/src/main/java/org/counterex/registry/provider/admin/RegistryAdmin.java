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
import org.counterex.registry.provider.migration.MoveLog;
import org.counterex.registry.provider.migration.Mover;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.namespace.RootNamespace;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.UnplacedStore;
import org.counterex.registry.provider.routing.PlacementResolver;
import org.counterex.registry.provider.routing.Route;
import org.counterex.registry.provider.routing.RouteTable;

/** The service for those who administer: tells what there is, and passes what is to be done to the thread that moves. */
public final class RegistryAdmin implements BackendRegistry {

    private final Mover mover;
    private final RouteTable routes;
    private final RouteConfigurations stored;
    private final MoveLog audit;

    public RegistryAdmin(Mover mover, RouteTable routes, RouteConfigurations stored, MoveLog audit) {
        this.mover = mover;
        this.routes = routes;
        this.stored = stored;
        this.audit = audit;
    }

    @Override
    public List<BackendDTO> backends() {
        return mover.resolver().backends().stream().map(RegistryAdmin::dto).toList();
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
        PlacementResolver resolver = mover.resolver();
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
        return mover.namespaces().stream()
                .filter(RootNamespace::hasCounters)
                .map(namespace -> explain(namespace.name()))
                .sorted(Comparator.comparing(dto -> dto.namespace))
                .toList();
    }

    @Override
    public NamespaceDTO explain(String name) {
        Namespace namespace = mover.known(CounterNames.check("namespace", name));
        Placement residence = namespace == null ? Placement.settled(UnplacedStore.UNPLACED) : namespace.placement();
        NamespaceDTO dto = new NamespaceDTO();
        dto.namespace = name;
        dto.backend = residence.active().label();
        dto.moving = !residence.isSettled();
        try {
            dto.counters = residence.size();
        } catch (BackendUnavailableException e) {
            dto.counters = 0;
        }
        List<PlacementResolver.Choice> choices = mover.resolver().choices(name);
        dto.targetBackend = choices.isEmpty()
                ? CounterStore.PARKING
                : choices.get(0).backend().label();
        dto.reason = choices.isEmpty()
                ? "no backend is active that may have it"
                : choices.get(0).reason();
        return dto;
    }

    @Override
    public MoveDTO swap(String name, String word) {
        Namespace namespace = mover.namespace(CounterNames.check("namespace", name));
        if (word == null) {
            throw new IllegalArgumentException("backend is missing: backend=null");
        }
        String glob = BackendRegistry.quote(name);
        return stored.change(() -> turn(name, () -> {
            PlacementResolver resolver = mover.resolver();
            List<BackendHandle> named = resolver.named(word);
            if (named.isEmpty()) {
                throw new IllegalArgumentException("no active backend matches: backend='" + CounterNames.printable(word)
                        + "' active=" + resolver.backends());
            }
            MoveDTO move = mover.swap(namespace, named.get(0));
            Route route = routes.put(glob, Route.filter(PlacementResolver.filterFor(word, named.get(0))));
            return new RouteConfigurations.Changed<>(route.pid(), move);
        }));
    }

    @Override
    public List<MoveDTO> route(String glob, String filter) {
        Glob.of(glob);
        var target = Route.filter(filter);
        return stored.change(() -> turn(glob, () -> {
            Route route = routes.put(glob, target);
            return new RouteConfigurations.Changed<>(
                    route.pid(), mover.reconcile("route " + CounterNames.printable(glob)));
        }));
    }

    @Override
    public List<MoveDTO> unroute(String glob) {
        Glob.of(glob);
        return stored.change(() -> turn(glob, () -> {
            String pid = routes.remove(glob);
            return new RouteConfigurations.Changed<>(pid, mover.reconcile("unroute " + CounterNames.printable(glob)));
        }));
    }

    @Override
    public void flush(String name) {
        Namespace namespace = mover.known(CounterNames.check("namespace", name));
        if (namespace != null) {
            mover.flush(namespace);
        }
    }

    @Override
    public List<MoveDTO> moves(long afterId, int limit) {
        if (afterId < 0 || limit < 0) {
            throw new IllegalArgumentException("invalid range of moves: afterId=" + afterId + " limit=" + limit);
        }
        return audit.moves(afterId, limit);
    }

    /** Has something done by the thread that moves, and waits for it: its own waits are all bounded. */
    private <R> R turn(String subject, Callable<R> task) {
        try {
            return mover.submit(task).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure && !mover.isStopped()) {
                throw failure;
            }
            throw new NoBackendException("this service has stopped", subject);
        } catch (CancellationException e) {
            throw new NoBackendException("this service has stopped", subject);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a move was under way; it goes on: " + subject, e);
        }
    }
}
