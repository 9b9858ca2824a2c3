package org.counterex.registry.provider;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Glob;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.registry.provider.event.DispatchThreads;
import org.counterex.registry.provider.event.ListenerRegistry;
import org.counterex.registry.provider.migration.MoveLog;
import org.counterex.registry.provider.migration.Migration;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.routing.PlacementResolver;
import org.counterex.registry.provider.routing.Route;
import org.counterex.support.log.ServiceLog;

/** A registry without a framework: what binds backends in the tests of this package. */
public final class TestRegistry implements AutoCloseable {

    private static final long CALL_TIMEOUT_MS = 5_000;

    final ServiceLog log = new ServiceLog("test", () -> null);
    final DispatchThreads couriers = new DispatchThreads();
    final AdminEventDispatcher events = new AdminEventDispatcher(log, couriers);
    final ListenerRegistry telemetry = new ListenerRegistry(log, couriers);
    public final MoveLog audit = new MoveLog(log, events);
    public final Migration migration;

    /** Where namespaces are whose values a backend keeps, as was told last. */
    final AtomicReference<Map<String, String>> kept = new AtomicReference<>(Map.of());

    private long ids;

    public TestRegistry() {
        this(0);
    }

    TestRegistry(long parkingLimitMs) {
        this(CALL_TIMEOUT_MS, parkingLimitMs);
    }

    TestRegistry(long callTimeoutMs, long parkingLimitMs) {
        migration = new Migration(audit, events, telemetry, log, callTimeoutMs, parkingLimitMs, kept::set);
    }

    /** Binds a backend with service properties: type, and then pairs of key and value. */
    public BackendHandle bind(CounterBackend service, String type, Object... more) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(CounterBackend.TYPE, type);
        properties.put("service.id", ++ids);
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        BackendHandle backend = new BackendHandle(service, properties, "test");
        migration.arrival().bind(backend);
        awaitTurn();
        return backend;
    }

    /** Waits until what was told before has been carried out. */
    public void awaitTurn() {
        turn(() -> null);
    }

    /** Unbinds a backend; returns when its counters are elsewhere. */
    void unbind(BackendHandle backend) {
        migration.departure().unbind(backend);
    }

    /** The last move that was recorded. */
    MoveDTO lastMove() {
        var moves = audit.moves();
        return moves.get(moves.size() - 1);
    }

    public Namespace namespace(String name) {
        return (Namespace) migration.namespaces().root().namespace(name);
    }

    /** Moves a namespace and waits for it. */
    MoveDTO swap(String namespace, BackendHandle backend) {
        return turn(() -> migration.migrator().swap(namespace(namespace), backend));
    }

    private <R> R turn(Callable<R> task) {
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

    void route(String glob, String filter) {
        migration.routing().update(inputs -> {
            var routes = new ArrayList<>(inputs.routes());
            routes.removeIf(route -> route.pid().equals(glob));
            routes.add(new Route(glob, List.of(Glob.of(glob)), Route.filter(filter), 0));
            return new PlacementResolver(routes, inputs.backends());
        });
        settle();
    }

    /** Waits until everything is where it resolves to. */
    public void settle() {
        turn(() -> migration.reconciler().reconcile("test"));
    }

    public String home(String namespace) {
        return namespace(namespace).placement().active().label();
    }

    @Override
    public void close() {
        migration.stop();
        migration.end();
        telemetry.stop();
        events.stop();
        couriers.shutdown();
    }

    /** All that cannot be done without the value of the counter {@code k}, by name and by a handle. */
    static List<Runnable> callsThatNeedTheValue(CounterNamespace namespace, Counter handle) {
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
