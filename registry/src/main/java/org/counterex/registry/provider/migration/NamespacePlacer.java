package org.counterex.registry.provider.migration;

import org.counterex.api.CapacityExceededException;
import org.counterex.api.NoBackendException;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.registry.provider.event.ListenerRegistry;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.namespace.NamespaceHost;
import org.counterex.registry.provider.namespace.ObservedOperations;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DetachedStore;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.StoreFactory;
import org.counterex.registry.provider.placement.TableStore;
import org.counterex.registry.provider.placement.UnplacedStore;
import org.counterex.registry.provider.routing.PlacementResolver;
import org.counterex.registry.provider.routing.RoutingState;
import org.counterex.support.log.ServiceLog;

/**
 * Host of all namespaces: places a namespace when its first counter is created, replaces a table whose slots are used
 * up, and limits how long counters may stay parked.
 *
 * <p><b>Threads.</b> Callers run these methods in their own threads, possibly while the control thread moves the same
 * namespace: every change is a compare-and-set on the placement, and the loser retries with the new one.
 */
final class NamespacePlacer implements NamespaceHost {

    private final ControlLoop loop;
    private final RoutingState routing;
    private final Transfer transfer;
    private final AdminEventDispatcher events;
    private final ListenerRegistry listeners;
    private final ServiceLog log;
    private final long callTimeoutMs;
    private final long parkingLimitMs;

    /**
     * Whether a backend was ever bound, or counters were restored: from then on namespaces without a backend are
     * parked.
     */
    private volatile boolean parkingAllowed;

    /** @param parkingLimitMs how long callers may use parked counters; 0 for no limit */
    NamespacePlacer(
            ControlLoop loop,
            RoutingState routing,
            Transfer transfer,
            AdminEventDispatcher events,
            ListenerRegistry listeners,
            ServiceLog log,
            long callTimeoutMs,
            long parkingLimitMs) {
        this.loop = loop;
        this.routing = routing;
        this.transfer = transfer;
        this.events = events;
        this.listeners = listeners;
        this.log = log;
        this.callTimeoutMs = callTimeoutMs;
        this.parkingLimitMs = parkingLimitMs;
    }

    @Override
    public long callTimeoutMs() {
        return callTimeoutMs;
    }

    @Override
    public void requireBackend(Namespace namespace, Placement seen) {
        if (seen.active() == UnplacedStore.UNPLACED && !parkingAllowed) {
            throw new NoBackendException("no backend is active", namespace.name());
        }
    }

    /** Allows namespaces to be parked as long as no backend is active. */
    void allowParking() {
        parkingAllowed = true;
    }

    @Override
    public ObservedOperations observer(Namespace namespace) {
        return ObservedOperations.of(namespace, listeners.queues(namespace.name()));
    }

    @Override
    public void capacityExceeded(Namespace namespace, CapacityExceededException refusal) {
        events.capacityExceeded(namespace.name(), namespace.placement().active().label(), refusal.getMessage());
    }

    @Override
    public void drainEndedEarly(Namespace namespace, int taken, Exception reason) {
        log.warn("drain ended early: namespace=" + namespace + " taken=" + taken + " reason=" + reason.getMessage());
    }

    @Override
    public void place(Namespace namespace, Placement seen) {
        if (loop.isStopped()) {
            namespace.publish(seen, Placement.settled(UnplacedStore.STOPPED));
            return;
        }
        requireBackend(namespace, seen);
        PlacementResolver resolver = routing.current();
        for (PlacementResolver.Choice choice : resolver.choices(namespace.name())) {
            try {
                if (!adopt(namespace, seen, choice.backend())) {
                    continue;
                }
            } catch (StoreFactory.TableCreationException e) {
                log.warn(
                        "namespace is not placed in its first choice: namespace=" + namespace + " reason="
                                + e.getMessage(),
                        e);
                continue;
            }
            if (routing.current() != resolver) {
                loop.requestReconcile("first placement of a namespace"); // the inputs have changed meanwhile
            }
            return;
        }
        adopt(namespace, seen, park(namespace));
        loop.requestReconcile("first placement of a namespace");
    }

    /**
     * Places an unplaced namespace in a backend, unless its placement has changed.
     *
     * @return false if the backend is leaving
     * @throws StoreFactory.TableCreationException the backend failed to create a table
     */
    boolean adopt(Namespace namespace, Placement seen, BackendHandle backend) {
        if (!backend.acquire()) {
            return false;
        }
        try {
            adopt(namespace, seen, StoreFactory.in(backend, namespace.name(), namespace.placement()));
            return true;
        } finally {
            backend.release();
        }
    }

    private void adopt(Namespace namespace, Placement seen, CounterStore store) {
        if (namespace.publish(seen, Placement.settled(store))) {
            store.activate();
            if (store.retainsValues()) {
                loop.requestRetentionUpdate();
            }
        } else {
            store.discardUnused();
        }
    }

    @Override
    public void replaceExhaustedTable(Namespace namespace, Placement seen) {
        BackendHandle backend = seen.active().backend();
        if (namespace.placement() != seen || !backend.acquire()) {
            Thread.onSpinWait(); // a move is under way, or about to begin
            return;
        }
        try {
            CounterStore store = StoreFactory.in(backend, namespace.name(), namespace.placement());
            String refusal = transfer.switchStore(
                    namespace, seen, store, placement -> placement.movingTo(store, placement.move()), false);
            if (refusal == null) {
                store.activate();
            } else {
                store.discardUnused();
            }
        } finally {
            backend.release();
        }
        loop.submit(() -> transfer.run(namespace));
    }

    /** Returns an empty parking table for a namespace, whose use is limited in time as configured. */
    TableStore park(Namespace namespace) {
        TableStore parking = StoreFactory.parking(namespace.name());
        if (parkingLimitMs > 0 && !loop.isStopped()) {
            loop.schedule(() -> expire(namespace, parking), parkingLimitMs);
        }
        return parking;
    }

    private void expire(Namespace namespace, TableStore parking) {
        if (namespace.placement().active() == parking) {
            DetachedStore expired = new DetachedStore(namespace.name(), null, StoreFactory.parking(namespace.name()));
            transfer.switchStore(namespace, null, expired, placement -> placement.movingTo(expired, null), false);
            transfer.run(namespace);
            log.error("parking limit exceeded, calls are rejected and counters retained: namespace=" + namespace
                    + " parkingLimitMs=" + parkingLimitMs);
        }
    }
}
