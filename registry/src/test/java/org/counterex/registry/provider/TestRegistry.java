package org.counterex.registry.provider;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.Glob;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.admin.RegistryAdmin;
import org.counterex.registry.provider.admin.RouteConfigurations;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.registry.provider.event.DispatchThreads;
import org.counterex.registry.provider.event.ListenerRegistry;
import org.counterex.registry.provider.migration.Migration;
import org.counterex.registry.provider.migration.MoveLog;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.routing.PlacementResolver;
import org.counterex.registry.provider.routing.Route;
import org.counterex.registry.provider.routing.RouteTable;
import org.counterex.registry.provider.snapshot.SnapshotFile;
import org.counterex.support.log.ServiceLog;
import org.junit.rules.ExternalResource;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A complete registry without a framework, to which tests bind backends. Used as a JUnit rule, it is closed after each
 * test.
 */
public final class TestRegistry extends ExternalResource implements AutoCloseable {

    private static final long CALL_TIMEOUT_MS = 5_000;

    final ServiceLog log = new ServiceLog("test", () -> null);
    final DispatchThreads dispatchThreads = new DispatchThreads();
    final AdminEventDispatcher events = new AdminEventDispatcher(log, dispatchThreads);
    final ListenerRegistry listeners = new ListenerRegistry(log, dispatchThreads);
    final MoveLog moveLog = new MoveLog(log, events);

    /** By namespace the backend that retains its values, as last written. */
    final AtomicReference<Map<String, String>> retention = new AtomicReference<>(Map.of());

    private final Migration migration;
    private final RouteTable routes;
    private long ids;

    public TestRegistry() {
        this(0);
    }

    TestRegistry(long parkingLimitMs) {
        this(CALL_TIMEOUT_MS, parkingLimitMs);
    }

    TestRegistry(long callTimeoutMs, long parkingLimitMs) {
        migration = new Migration(moveLog, events, listeners, log, callTimeoutMs, parkingLimitMs, retention::set);
        routes = new RouteTable(migration.routing());
    }

    /** Stored routes on a Configuration Admin. */
    public RouteConfigurations routeConfigurations(ConfigurationAdmin configurationAdmin) {
        return new RouteConfigurations(migration, routes, configurationAdmin);
    }

    /** The administration service. */
    public BackendRegistry admin(RouteConfigurations configurations) {
        return new RegistryAdmin(migration, routes, configurations, moveLog);
    }

    public Counters counters() {
        return migration.namespaces().root();
    }

    public Namespace namespace(String name) {
        return (Namespace) migration.namespaces().root().namespace(name);
    }

    Collection<Namespace> namespaces() {
        return migration.namespaces().all();
    }

    PlacementResolver resolver() {
        return migration.routing().current();
    }

    /** Returns the label of the active store of a namespace. */
    public String storeOf(String namespace) {
        return namespace(namespace).placement().active().label();
    }

    /** Binds a backend with service properties: its type, followed by pairs of key and value. */
    public BackendHandle bind(CounterBackend service, String type, Object... more) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(CounterBackend.TYPE, type);
        properties.put("service.id", ++ids);
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        BackendHandle backend = new BackendHandle(service, properties, "test");
        bindAsync(backend);
        awaitControlThread();
        return backend;
    }

    /** Binds a backend, without waiting for the moves that follow. */
    void bindAsync(BackendHandle backend) {
        migration.arrival().bind(backend);
    }

    /** Unbinds a backend, and waits until its counters have been moved. */
    void unbind(BackendHandle backend) {
        migration.departure().unbind(backend);
    }

    /** Adds a route, or replaces the one of the same glob, and waits for the moves that follow. */
    void route(String glob, String filter) {
        updateRouting(inputs -> {
            var routes = new ArrayList<>(inputs.routes());
            routes.removeIf(route -> route.pid().equals(glob));
            routes.add(new Route(glob, List.of(Glob.of(glob)), Route.filter(filter), 0));
            return new PlacementResolver(routes, inputs.backends());
        });
        reconcile();
    }

    /** Changes the inputs of placement resolution, without reconciling. */
    void updateRouting(UnaryOperator<PlacementResolver> change) {
        migration.routing().update(change);
    }

    /** Moves a namespace, and waits for the result. */
    MoveDTO swap(String namespace, BackendHandle backend) {
        return onControlThread(() -> migration.migrator().swap(namespace(namespace), backend));
    }

    /** Moves a namespace. To be called on the control thread. */
    MoveDTO swapOnControlThread(Namespace namespace, BackendHandle backend) {
        return migration.migrator().swap(namespace, backend);
    }

    void flush(Namespace namespace) {
        migration.migrator().flush(namespace);
    }

    /** Moves every namespace to its target placement, and waits for the result. */
    public void reconcile() {
        onControlThread(() -> migration.reconciler().reconcile("test"));
    }

    /** Waits until the control thread has run everything submitted so far. */
    public void awaitControlThread() {
        onControlThread(() -> null);
    }

    /** Submits a task to the control thread. */
    <R> Future<R> submit(Callable<R> task) {
        return migration.loop().submit(task);
    }

    private <R> R onControlThread(Callable<R> task) {
        try {
            return migration.loop().submit(task).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the last recorded move. */
    MoveDTO lastMove() {
        var moves = moveLog.moves();
        return moves.get(moves.size() - 1);
    }

    /** Restores counters saved by {@link #stop}. */
    void load(List<SnapshotFile.Entry> saved, Map<String, String> retainingBackends) {
        migration.snapshot().restore(saved, retainingBackends);
    }

    /** Stops the registry, and returns the counters that no backend retains. */
    List<SnapshotFile.Entry> stop() {
        return migration.stop();
    }

    /** Ends the control thread after {@link #stop}. */
    void end() {
        migration.end();
    }

    @Override
    protected void after() {
        close();
    }

    @Override
    public void close() {
        stop();
        end();
        listeners.stop();
        events.stop();
        dispatchThreads.shutdown();
    }

    /** Returns a call of every operation that requires the value of the counter {@code k}, by name and by handle. */
    static List<Runnable> callsRequiringValue(CounterNamespace namespace, Counter handle) {
        return List.of(
                () -> namespace.inc("k"),
                () -> namespace.inc("new"),
                () -> namespace.get("k"),
                () -> namespace.set("k", 1),
                () -> namespace.reset("k"),
                () -> namespace.delete("k"),
                () -> namespace.compareAndSwap("k", 1, 2),
                () -> namespace.compareAndSwap("absent", 0, 2),
                namespace::getAll,
                namespace::drain,
                namespace::deleteAll,
                handle::inc,
                handle::get,
                handle::delete);
    }
}
