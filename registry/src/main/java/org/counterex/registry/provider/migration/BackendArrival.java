package org.counterex.registry.provider.migration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.backend.table.CellTable;
import org.counterex.registry.provider.backend.BackendCallExecutor;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.namespace.NamespaceDirectory;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.DetachedStore;
import org.counterex.registry.provider.placement.OngoingMove;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.TableStore;
import org.counterex.registry.provider.placement.UnplacedStore;
import org.counterex.registry.provider.routing.PlacementResolver;
import org.counterex.registry.provider.routing.RoutingState;
import org.counterex.support.log.ServiceLog;

/**
 * Arrival of a backend: makes it an input of the resolution and adopts the counters that it brings. A namespace without
 * counters is placed in the backend; counters of a namespace that is placed elsewhere are merged, each once.
 *
 * <p><b>Threads.</b> {@link #bind} may be called from any thread; the counters are adopted by the control thread.
 */
public final class BackendArrival {

    private final ControlLoop loop;
    private final NamespaceDirectory namespaces;
    private final RoutingState routing;
    private final NamespacePlacer placer;
    private final Transfer transfer;
    private final Migrator migrator;
    private final BackendCallExecutor calls;
    private final AdminEventDispatcher events;
    private final MoveLog moves;
    private final ServiceLog log;

    /** What each service has yet to delete. Outlives the binding, since a service may be unbound and bound again. */
    private final Map<CounterBackend, Map<String, Set<String>>> pendingDeletes =
            Collections.synchronizedMap(new WeakHashMap<>());

    BackendArrival(
            ControlLoop loop,
            NamespaceDirectory namespaces,
            RoutingState routing,
            NamespacePlacer placer,
            Transfer transfer,
            Migrator migrator,
            BackendCallExecutor calls,
            AdminEventDispatcher events,
            MoveLog moves,
            ServiceLog log) {
        this.loop = loop;
        this.namespaces = namespaces;
        this.routing = routing;
        this.placer = placer;
        this.transfer = transfer;
        this.migrator = migrator;
        this.calls = calls;
        this.events = events;
        this.moves = moves;
        this.log = log;
    }

    /** Makes a backend available. Namespaces that resolve to it are moved later, by the control thread. */
    public void bind(BackendHandle backend) {
        backend.sharePendingDeletes(
                pendingDeletes.computeIfAbsent(backend.service(), unknown -> new ConcurrentHashMap<>()));
        backend.loadRestored();
        routing.update(inputs -> {
            List<BackendHandle> more = new ArrayList<>(inputs.backends());
            more.add(backend);
            return new PlacementResolver(inputs.routes(), more);
        });
        placer.allowParking();
        events.backendArrived(backend.describe());
        loop.submit(() -> {
            adoptAll(backend);
            loop.reconcile(cause(backend));
            return null;
        });
    }

    /** Resolves again after the service properties of a backend have changed. */
    public void update(BackendHandle backend) {
        routing.update(inputs -> new PlacementResolver(inputs.routes(), inputs.backends()));
        loop.requestReconcile("update of " + backend);
    }

    private static String cause(BackendHandle backend) {
        return "bind of " + backend;
    }

    private void adoptAll(BackendHandle backend) {
        if (backend.tables() == null) {
            for (String name : heldNamespaces(backend)) {
                Namespace namespace = namespaces.namespace(name);
                loop.runSafely(namespace, () -> adoptHeld(namespace, backend));
            }
            return;
        }
        for (String name : backend.restored()) {
            Namespace namespace = namespaces.namespace(name);
            loop.runSafely(namespace, () -> adoptRestored(namespace, backend));
        }
        if (!backend.retainsValues()) {
            for (CellTable table : backend.tables().takeTables()) {
                Namespace namespace = namespaces.namespace(table.namespace());
                loop.runSafely(namespace, () -> merge(namespace, backend, new TableStore(backend, table)));
            }
        }
    }

    private Collection<String> heldNamespaces(BackendHandle backend) {
        try {
            return calls.callWithin(
                    true, () -> backend.service().info().namespaces().keySet());
        } catch (TimeoutException | RuntimeException e) {
            log.warn("backend does not report its counters: backend=" + backend + " reason=" + e.getMessage(), e);
            return List.of();
        }
    }

    /** Places an unplaced namespace in the table that the backend has brought. */
    private void adoptRestored(Namespace namespace, BackendHandle backend) {
        Placement now = namespace.placement();
        if (now.active() == UnplacedStore.UNPLACED) {
            placer.adopt(namespace, now, backend);
        }
        // Otherwise a move to this backend follows, which adds to the table, or the table is merged.
    }

    /** Adopts what a backend without tables holds of a namespace. */
    private void adoptHeld(Namespace namespace, BackendHandle backend) {
        boolean resolves = resolves(namespace, backend);
        Placement now = namespace.placement();
        if (now.active() == UnplacedStore.UNPLACED && (resolves || backend.retention() == BackendDTO.Retention.LOCAL)) {
            placer.adopt(namespace, now, backend);
        } else if (!resolves && !backend.retainsValues() && !now.anyStore(store -> store.backend() == backend)) {
            merge(namespace, backend, new DelegatingStore(backend, namespace.name()));
        }
        // Otherwise the move to this backend, which follows, adds to what it holds.
    }

    private boolean resolves(Namespace namespace, BackendHandle backend) {
        List<PlacementResolver.Choice> choices = routing.current().choices(namespace.name());
        return !choices.isEmpty() && choices.get(0).backend() == backend;
    }

    /**
     * Merges the tables that retaining backends have brought for a namespace that is placed in memory and resolves to
     * another backend. A namespace that is about to move to such a backend is merged by that move.
     */
    void mergeRestored(Namespace namespace) {
        for (BackendHandle backend : routing.current().backends()) {
            CellTable table = backend.restored(namespace.name());
            Placement now = namespace.placement();
            boolean canMerge = !(now.active() instanceof UnplacedStore || now.active() instanceof DetachedStore);
            if (table == null
                    || resolves(namespace, backend)
                    || !canMerge
                    || now.active().backend() == backend) {
                continue;
            }
            if (Migrator.isRetainedElsewhere(now, backend)) {
                OngoingMove move = new OngoingMove(
                        namespace.name(), backend.label(), now.active().label(), cause(backend));
                moves.add(move.record(MoveDTO.Outcome.REFUSED, Migrator.BOTH_RETAIN));
            } else {
                backend.claimed(table);
                merge(namespace, backend, new TableStore(backend, table));
            }
        }
    }

    /** Makes a store a source of a namespace, so that its counters are added to those that are there. */
    private void merge(Namespace namespace, BackendHandle backend, CounterStore source) {
        while (namespace.placement().active() == UnplacedStore.UNPLACED) {
            placer.place(namespace, namespace.placement());
        }
        transfer.run(namespace);
        CounterStore active = namespace.placement().active();
        long counters;
        try {
            counters = calls.callWithin(source instanceof DelegatingStore, source::size);
        } catch (TimeoutException e) {
            log.warn("backend does not report its counters: backend=" + backend + " namespace=" + namespace, e);
            return;
        }
        if (active instanceof TableStore table && table.reserve(counters) != CellTable.Room.GRANTED) {
            migrator.move(namespace, null, cause(backend), false); // parking is unbounded; what fits is moved on later
            active = namespace.placement().active();
            ((TableStore) active).reserve(counters);
        }
        OngoingMove move = new OngoingMove(namespace.name(), backend.label(), active.label(), cause(backend));
        Placement now;
        do {
            now = namespace.placement();
        } while (!namespace.publish(now, now.absorbing(source, move)));
        transfer.run(namespace);
        MoveDTO record = move.failure() == null
                ? move.record(MoveDTO.Outcome.MOVED, "backend was bound with counters")
                : move.record(MoveDTO.Outcome.REFUSED, move.failure());
        if (move.failure() != null || counters + record.counters > 0) { // a backend may report empty namespaces
            moves.add(record);
        }
    }
}
