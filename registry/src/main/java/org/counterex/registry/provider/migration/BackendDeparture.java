package org.counterex.registry.provider.migration;

import java.util.concurrent.TimeUnit;
import org.counterex.api.admin.MoveDTO;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.namespace.NamespaceDirectory;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DetachedStore;
import org.counterex.registry.provider.placement.OngoingMove;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.StoreFactory;
import org.counterex.registry.provider.placement.TableStore;
import org.counterex.registry.provider.routing.PlacementResolver;
import org.counterex.registry.provider.routing.RoutingState;
import org.counterex.support.log.ServiceLog;

/**
 * Departure of a backend, also while moves into or out of it are under way: evacuates its namespaces to the next
 * backend that can hold them or to parking, or detaches them if the backend retains its values.
 *
 * <p>When {@link #unbind} returns, the backend is not called any more. Every wait in it is bounded; what a backend does
 * not return in time stays with it, with a record that says so.
 */
public final class BackendDeparture {

    private final ControlLoop loop;
    private final NamespaceDirectory namespaces;
    private final RoutingState routing;
    private final NamespacePlacer placer;
    private final Transfer transfer;
    private final Migrator migrator;
    private final Salvage salvage;
    private final AdminEventDispatcher events;
    private final MoveLog moves;
    private final ServiceLog log;
    private final long callTimeoutMs;

    BackendDeparture(
            ControlLoop loop,
            NamespaceDirectory namespaces,
            RoutingState routing,
            NamespacePlacer placer,
            Transfer transfer,
            Migrator migrator,
            Salvage salvage,
            AdminEventDispatcher events,
            MoveLog moves,
            ServiceLog log,
            long callTimeoutMs) {
        this.loop = loop;
        this.namespaces = namespaces;
        this.routing = routing;
        this.placer = placer;
        this.transfer = transfer;
        this.migrator = migrator;
        this.salvage = salvage;
        this.events = events;
        this.moves = moves;
        this.log = log;
        this.callTimeoutMs = callTimeoutMs;
    }

    /** Removes a backend. May be called from any thread; waits for the evacuation by the control thread. */
    public void unbind(BackendHandle backend) {
        routing.update(inputs -> new PlacementResolver(
                inputs.routes(),
                inputs.backends().stream().filter(other -> other != backend).toList()));
        if (!backend.stopPlacements(callTimeoutMs)) {
            log.warn("timed out waiting for leases of a backend that leaves: backend=" + backend);
        }
        loop.await(loop.submit(() -> {
            evacuate(backend);
            return null;
        }));
        if (!backend.close(callTimeoutMs)) {
            log.warn("timed out waiting for calls of a backend that has left: backend=" + backend);
        }
        events.backendLeft(backend.describe());
        loop.requestReconcile(cause(backend)); // counters that had to be parked may fit into another backend
    }

    private static String cause(BackendHandle backend) {
        return "unbind of " + backend;
    }

    private void evacuate(BackendHandle backend) {
        for (Namespace namespace : namespaces.all()) {
            loop.runSafely(namespace, () -> {
                if (namespace.placement().anyStore(store -> store.backend() == backend)) {
                    evacuate(namespace, backend);
                }
            });
        }
        backend.returnRestored();
        // A caller that has read an earlier placement may be about to call the backend: wait until it holds no key
        // lock.
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(callTimeoutMs);
        for (Namespace namespace : namespaces.all()) {
            namespace.awaitKeyLocks(TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()), false);
        }
    }

    private void evacuate(Namespace namespace, BackendHandle backend) {
        TableStore retention = backend.tables() != null && backend.retainsValues()
                ? StoreFactory.retention(backend, namespace.name(), namespace.placement())
                : null;
        try {
            moveOrDetach(namespace, backend, retention);
        } finally {
            abandon(namespace, backend, retention);
            if (retention != null) {
                retention.releaseReservation();
                backend.tables().retain(retention.table());
            }
            if (namespace.placement().active() instanceof DetachedStore detached) {
                detached.releaseRetentionStore();
            }
        }
    }

    private void moveOrDetach(Namespace namespace, BackendHandle backend, TableStore retention) {
        if (namespace.placement().active().backend() != backend) {
            transfer.run(namespace); // the backend is only a source of a move under way
            return;
        }
        if (backend.retainsValues()) {
            detach(namespace, backend, retention);
            return;
        }
        for (PlacementResolver.Choice choice : routing.current().choices(namespace.name())) {
            if (Migrator.isInPlace(migrator.move(namespace, choice.backend(), cause(backend), true))) {
                break;
            }
        }
        if (namespace.placement().active().backend() == backend) {
            migrator.move(namespace, null, cause(backend), true);
        }
    }

    /** Leaves the values with the backend: from now on additions are collected and everything else is rejected. */
    private void detach(Namespace namespace, BackendHandle backend, TableStore retention) {
        DetachedStore detached =
                new DetachedStore(namespace.name(), backend.label(), placer.park(namespace), retention);
        transfer.switchStore(
                namespace,
                null,
                detached,
                placement -> retention != null
                        ? placement.movingTo(detached, null)
                        : placement.movingTo(detached, null).without(placement.active()),
                true);
        transfer.run(namespace);
        log.info("namespace is detached, its values are retained: namespace=" + namespace + " backend=" + backend);
    }

    /**
     * Goes on without the counters that a leaving backend does not return.
     *
     * @param retention where a retaining backend keeps them, if it has tables; otherwise null
     */
    private void abandon(Namespace namespace, BackendHandle backend, TableStore retention) {
        for (CounterStore source : namespace.placement().sources()) {
            if (source.backend() != backend) {
                continue;
            }
            String to = namespace.placement().active().label();
            OngoingMove last = new OngoingMove(namespace.name(), backend.label(), to, cause(backend), true);
            OngoingMove rest = new OngoingMove(namespace.name(), backend.label(), to, cause(backend));
            salvage.transferAll(namespace, source, last);
            namespace.abandonCalls();
            Placement now;
            do {
                now = namespace.placement();
            } while (!namespace.publish(now, now.without(source).with(rest)));
            if (retention != null) {
                salvage.extractAll(namespace, source, retention);
            }
            source.discard();
            moves.add(last.record(MoveDTO.Outcome.ABANDONED, "backend does not answer and has left with its counters"));
            loop.runSafely(namespace, () -> transfer.run(namespace));
        }
    }
}
