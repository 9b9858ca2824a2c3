package org.counterex.registry.provider.migration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.namespace.NamespaceDirectory;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.DetachedStore;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.StoreFactory;
import org.counterex.registry.provider.placement.TableStore;
import org.counterex.registry.provider.placement.UnplacedStore;
import org.counterex.registry.provider.routing.RoutingState;
import org.counterex.registry.provider.snapshot.SnapshotFile;

/**
 * State of the registry that outlives it: restores it before the first caller, and collects it when the registry stops.
 * Also reports which backend retains the values of which namespace, which has to be known after a crash too.
 */
public final class RegistrySnapshot {

    private static final long FROZEN_NS = 10_000;

    private final ControlLoop loop;
    private final NamespaceDirectory namespaces;
    private final RoutingState routing;
    private final NamespacePlacer placer;
    private final Admission admission;
    private final Salvage salvage;
    private final Consumer<Map<String, String>> retentionFile;
    private final long callTimeoutMs;

    /**
     * @param retentionFile receives the label of the retaining backend by namespace, complete each time, from one
     * thread at a time
     */
    RegistrySnapshot(
            ControlLoop loop,
            NamespaceDirectory namespaces,
            RoutingState routing,
            NamespacePlacer placer,
            Admission admission,
            Salvage salvage,
            Consumer<Map<String, String>> retentionFile,
            long callTimeoutMs) {
        this.loop = loop;
        this.namespaces = namespaces;
        this.routing = routing;
        this.placer = placer;
        this.admission = admission;
        this.salvage = salvage;
        this.retentionFile = retentionFile;
        this.callTimeoutMs = callTimeoutMs;
    }

    /**
     * Restores the counters and detached namespaces of an earlier registry. Called before the first caller.
     *
     * @param retained by namespace the label of the backend that retains its values: until it is bound, the namespace
     *     is detached
     */
    public void restore(List<SnapshotFile.Entry> parked, Map<String, String> retained) {
        retained.forEach((name, retainingBackend) -> {
            placer.allowParking();
            Namespace namespace = namespaces.namespace(name);
            DetachedStore detached = new DetachedStore(name, retainingBackend, StoreFactory.parking(name));
            namespace.publish(namespace.placement(), Placement.settled(detached));
        });
        for (SnapshotFile.Entry entry : parked) {
            placer.allowParking();
            Namespace namespace = namespaces.namespace(entry.namespace());
            CounterStore active = namespace.placement().active();
            if (active == UnplacedStore.UNPLACED) {
                TableStore parking = placer.park(namespace);
                active = entry.retainingBackend().isEmpty()
                        ? parking
                        : new DetachedStore(entry.namespace(), entry.retainingBackend(), parking);
                namespace.publish(namespace.placement(), Placement.settled(active));
            }
            active.merge(null, entry.key(), entry.value());
        }
    }

    /** Writes which backend retains the values of which namespace, whether it is active or has left. */
    void updateRetention() {
        Map<String, String> retained = new HashMap<>();
        for (Namespace namespace : namespaces.all()) {
            CounterStore active = namespace.placement().active();
            String retainingBackend = active.retainsValues()
                    ? active.backend().label()
                    : active instanceof DetachedStore detached ? detached.retainingBackend() : null;
            if (retainingBackend != null) {
                retained.put(namespace.name(), retainingBackend);
            }
        }
        retentionFile.accept(retained);
    }

    /**
     * Stops every namespace, so that callers are rejected from now on, and collects the counters that no backend
     * retains. Called after the control loop has stopped.
     */
    List<SnapshotFile.Entry> collect() {
        updateRetention();
        List<SnapshotFile.Entry> parked = new ArrayList<>();
        namespaces.all().stream()
                .sorted(Comparator.comparing(Namespace::name))
                .forEach(namespace -> loop.runSafely(namespace, () -> collect(namespace, parked)));
        routing.current().backends().forEach(BackendHandle::returnRestored);
        return parked;
    }

    private void collect(Namespace namespace, List<SnapshotFile.Entry> parked) {
        Placement last = stop(namespace);
        namespace.awaitKeyLocks(callTimeoutMs, true);
        admission.closeAdditions(namespace, last, UnplacedStore.STOPPED);
        Optional<TableStore> retention = last.stores()
                .filter(store -> store instanceof TableStore && store.retainsValues())
                .map(store -> StoreFactory.retention(store.backend(), namespace.name(), namespace.placement()))
                .findFirst();
        for (CounterStore store : last.stores().toList()) {
            String retainingBackend = store instanceof DetachedStore detached && detached.retainingBackend() != null
                    ? detached.retainingBackend()
                    : "";
            CounterStore source = store instanceof DetachedStore detached ? detached.held() : store;
            if (source instanceof DelegatingStore && source.retainsValues()) {
                continue;
            }
            if (retention.isPresent() && retainingBackend.isEmpty()) {
                salvage.extractAll(namespace, source, retention.get());
            } else {
                TableStore extracted = StoreFactory.parking(namespace.name());
                salvage.extractAll(namespace, source, extracted);
                extracted.keys(key -> parked.add(new SnapshotFile.Entry(
                        namespace.name(),
                        retainingBackend,
                        key,
                        extracted.table().find(key).get())));
            }
        }
        // An unfinished move is undone: after the next start the retaining backend must hold everything it still has in
        // its file.
        retention.ifPresent(store -> store.backend().tables().retain(store.table()));
        last.stores().forEach(CounterStore::discard);
        namespace.publish(namespace.placement(), Placement.settled(UnplacedStore.STOPPED));
    }

    /** Publishes the stopped placement, and returns the last one before it. */
    private static Placement stop(Namespace namespace) {
        for (; ; ) {
            Placement last = namespace.placement();
            if (last.frozen()) {
                LockSupport.parkNanos(FROZEN_NS);
            } else if (namespace.publish(last, last.movingTo(UnplacedStore.STOPPED, null))) {
                return last;
            }
        }
    }
}
