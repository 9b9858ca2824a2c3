package org.counterex.registry.provider;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.registry.provider.event.DispatchThreads;
import org.counterex.registry.provider.event.ListenerRegistry;
import org.counterex.registry.provider.migration.Migration;
import org.counterex.registry.provider.migration.MoveLog;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.support.log.ServiceLog;

/**
 * Registry without components, configuration and services, cheap enough to be created for each few test invocations. It
 * is in the registry's package {@code provider} because it takes the place of the component there: it wires the same
 * parts, which the bundle does not export. The class path permits a package in two places.
 */
public final class BareRegistry implements AutoCloseable {

    private static final long CALL_TIMEOUT_MS = 10_000;

    private final Migration migration;
    private final Map<CounterBackend, BackendHandle> bound = new HashMap<>();
    private long lastId;

    /** Binds backends. New namespaces are placed in the backend of type {@code ets}, or else in the first. */
    public BareRegistry(CounterBackend... backends) {
        ServiceLog log = new ServiceLog("test", () -> null);
        DispatchThreads dispatchThreads = new DispatchThreads();
        AdminEventDispatcher events = new AdminEventDispatcher(log, dispatchThreads);
        ListenerRegistry listeners = new ListenerRegistry(log, dispatchThreads);
        migration = new Migration(
                new MoveLog(log, events), events, listeners, log, CALL_TIMEOUT_MS, 0, retainingBackends -> {});
        for (CounterBackend backend : backends) {
            bind(backend);
        }
        runOnControlThread(() -> null);
    }

    /** Returns the service that callers would use. */
    public Counters counters() {
        return migration.namespaces().root();
    }

    /** Returns a new namespace that the directory does not list, so that it is garbage once the caller drops it. */
    public CounterNamespace unlisted(String name) {
        return migration.namespaces().unlisted(name);
    }

    /**
     * Moves a namespace, and returns when all of its counters are transferred. The move runs on the caller's thread,
     * not on the control thread, which is idle meanwhile: a concurrent call would be over before that thread has woken
     * up.
     */
    public synchronized void move(CounterNamespace namespace, CounterBackend target) {
        migration.migrator().swap((Namespace) namespace, bound.get(target));
    }

    /** Unbinds a backend; returns when its counters are moved, to parking if there is no other backend. */
    public synchronized void unbind(CounterBackend backend) {
        migration.departure().unbind(bound.remove(backend));
    }

    /** Binds a backend again; returns when the namespaces that resolve to it are moved. */
    public synchronized void rebind(CounterBackend backend) {
        bind(backend);
        runOnControlThread(() -> null);
    }

    private void bind(CounterBackend service) {
        Map<String, Object> properties =
                Map.of(CounterBackend.TYPE, service.info().type(), "service.id", ++lastId);
        BackendHandle backend = new BackendHandle(service, properties, "bench");
        bound.put(service, backend);
        migration.arrival().bind(backend);
    }

    private <R> R runOnControlThread(Callable<R> task) {
        try {
            return migration.loop().submit(task).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        migration.stop();
        migration.end();
    }
}
