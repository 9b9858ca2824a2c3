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
 * A registry without components, configuration and services: cheap enough to be made anew for some calls. It is in the
 * package of the registry, which the class path allows, because what moves namespaces there is nobody else's business.
 */
public final class BareRegistry implements AutoCloseable {

    private static final long CALL_TIMEOUT_MS = 10_000;

    private final Migration migration;
    private final Map<CounterBackend, BackendHandle> bound = new HashMap<>();
    private long lastId;

    /** Binds backends. Namespaces are born in that of the type {@code ets}, or else in the first. */
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

    /** The service that callers would have. */
    public Counters counters() {
        return migration.namespaces().root();
    }

    /** A new namespace that this registry does not know, so that it is garbage when the caller forgets it. */
    public CounterNamespace unlisted(String name) {
        return migration.namespaces().unlisted(name);
    }

    /**
     * Moves a namespace, and returns when all of its counters are there. The caller's thread stands in for that of the
     * migration, which has nothing to do meanwhile: a call beside it would be over before another thread has woken up.
     */
    public synchronized void move(CounterNamespace namespace, CounterBackend target) {
        migration.migrator().swap((Namespace) namespace, bound.get(target));
    }

    /** A backend leaves: returns when its counters are elsewhere, in parking if there is no other backend. */
    public synchronized void unbind(CounterBackend backend) {
        migration.departure().unbind(bound.remove(backend));
    }

    /** A backend comes back: returns when what resolves to it is there. */
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
