package org.counterex.registry.provider.migration;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.counterex.registry.provider.backend.BackendCallExecutor;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.registry.provider.event.ListenerRegistry;
import org.counterex.registry.provider.namespace.NamespaceDirectory;
import org.counterex.registry.provider.routing.RoutingState;
import org.counterex.registry.provider.snapshot.SnapshotFile;
import org.counterex.support.log.ServiceLog;

/** Composition of the parts that place and move namespaces: creates them, connects them, and ends them in order. */
public final class Migration {

    private final RoutingState routing = new RoutingState();
    private final BackendCallExecutor calls;
    private final ControlLoop loop;
    private final NamespaceDirectory namespaces;
    private final Migrator migrator;
    private final Reconciler reconciler;
    private final BackendArrival arrival;
    private final BackendDeparture departure;
    private final RegistrySnapshot snapshot;

    /**
     * @param callTimeoutMs how long a call or a move waits for a backend without tables
     * @param parkingLimitMs how long callers may use parked counters; 0 for no limit
     * @param retentionFile receives the label of the retaining backend by namespace, complete each time, from one
     *     thread at a time
     */
    public Migration(
            MoveLog moves,
            AdminEventDispatcher events,
            ListenerRegistry listeners,
            ServiceLog log,
            long callTimeoutMs,
            long parkingLimitMs,
            Consumer<Map<String, String>> retentionFile) {
        calls = new BackendCallExecutor(callTimeoutMs);
        loop = new ControlLoop(log, callTimeoutMs);
        Admission admission = new Admission(calls, log);
        Salvage salvage = new Salvage(calls, log);
        Transfer transfer = new Transfer(calls, admission, loop::requestRetentionUpdate, log);
        NamespacePlacer placer =
                new NamespacePlacer(loop, routing, transfer, events, listeners, log, callTimeoutMs, parkingLimitMs);
        namespaces = new NamespaceDirectory(placer, listeners);
        migrator = new Migrator(transfer, placer, calls, moves);
        arrival = new BackendArrival(loop, namespaces, routing, placer, transfer, migrator, calls, events, moves, log);
        reconciler = new Reconciler(loop, namespaces, routing, transfer, migrator, arrival, calls, moves, log);
        departure = new BackendDeparture(
                loop, namespaces, routing, placer, transfer, migrator, salvage, events, moves, log, callTimeoutMs);
        snapshot = new RegistrySnapshot(
                loop, namespaces, routing, placer, admission, salvage, retentionFile, callTimeoutMs);
        loop.start(reconciler::reconcile, snapshot::updateRetention);
    }

    /** Returns the inputs of placement resolution. */
    public RoutingState routing() {
        return routing;
    }

    public BackendCallExecutor calls() {
        return calls;
    }

    public ControlLoop loop() {
        return loop;
    }

    public NamespaceDirectory namespaces() {
        return namespaces;
    }

    public Migrator migrator() {
        return migrator;
    }

    public Reconciler reconciler() {
        return reconciler;
    }

    public BackendArrival arrival() {
        return arrival;
    }

    public BackendDeparture departure() {
        return departure;
    }

    public RegistrySnapshot snapshot() {
        return snapshot;
    }

    /** Rejects callers from now on, and returns the counters that no backend retains. */
    public List<SnapshotFile.Entry> stop() {
        loop.stop();
        return snapshot.collect();
    }

    /** Lets backends leave, after what {@link #stop} returned is safe. */
    public void end() {
        loop.shutdownCompleted();
        calls.shutdown();
    }
}
