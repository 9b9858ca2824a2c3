package org.counterex.registry.provider.migration;

import java.util.List;
import java.util.concurrent.TimeoutException;
import org.counterex.api.admin.MoveDTO;
import org.counterex.registry.provider.backend.BackendCallExecutor;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.namespace.NamespaceDirectory;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DetachedStore;
import org.counterex.registry.provider.placement.UnplacedStore;
import org.counterex.registry.provider.routing.PlacementResolver;
import org.counterex.registry.provider.routing.RoutingState;
import org.counterex.support.log.ServiceLog;

/**
 * Moves every namespace to where it resolves, whenever an input of the resolution has changed. For the control thread.
 */
public final class Reconciler {

    private final ControlLoop loop;
    private final NamespaceDirectory namespaces;
    private final RoutingState routing;
    private final Transfer transfer;
    private final Migrator migrator;
    private final BackendArrival arrival;
    private final BackendCallExecutor calls;
    private final MoveLog moves;
    private final ServiceLog log;

    Reconciler(
            ControlLoop loop,
            NamespaceDirectory namespaces,
            RoutingState routing,
            Transfer transfer,
            Migrator migrator,
            BackendArrival arrival,
            BackendCallExecutor calls,
            MoveLog moves,
            ServiceLog log) {
        this.loop = loop;
        this.namespaces = namespaces;
        this.routing = routing;
        this.transfer = transfer;
        this.migrator = migrator;
        this.arrival = arrival;
        this.calls = calls;
        this.moves = moves;
        this.log = log;
    }

    /**
     * Moves every namespace that is not where it resolves.
     *
     * @param cause is recorded with each move
     * @return the records of these moves
     */
    public List<MoveDTO> reconcile(String cause) {
        long before = moves.last();
        routing.current().backends().forEach(this::retryDeletes);
        for (Namespace namespace : namespaces.all()) {
            loop.runSafely(namespace, () -> {
                reconcile(namespace, cause);
                arrival.mergeRestored(namespace);
            });
        }
        return moves.since(before);
    }

    private void retryDeletes(BackendHandle backend) {
        if (backend.tables() == null) {
            try {
                calls.callWithin(true, () -> {
                    backend.retryDeletes();
                    return null;
                });
            } catch (TimeoutException | RuntimeException e) {
                log.warn(
                        "backend does not delete transferred counters: backend=" + backend + " reason="
                                + e.getMessage(),
                        e);
            }
        }
    }

    private void reconcile(Namespace namespace, String cause) {
        migrator.resume(namespace, cause);
        transfer.run(namespace);
        CounterStore active = namespace.placement().active();
        if (active instanceof UnplacedStore) {
            return;
        }
        if (active instanceof DetachedStore detached && detached.retainingBackend() != null) {
            reattach(namespace, detached, cause);
            return;
        }
        if (active.retainsValues() && !routing.current().backends().contains(active.backend())) {
            return; // its backend is about to leave with the values
        }
        boolean parked = active.backend() == null;
        for (PlacementResolver.Choice choice : routing.current().choices(namespace.name())) {
            if (choice.backend() == active.backend()) {
                return;
            }
            boolean moved = Migrator.isInPlace(migrator.move(namespace, choice.backend(), cause, false));
            if (moved || !parked) {
                return;
            }
        }
    }

    private void reattach(Namespace namespace, DetachedStore detached, String cause) {
        for (BackendHandle backend : routing.current().backends()) {
            if (Migrator.isRetainedBy(backend, detached)
                    && Migrator.isInPlace(migrator.move(namespace, backend, cause, false))) {
                reconcile(namespace, cause); // it may resolve to another backend by now
                return;
            }
        }
    }
}
