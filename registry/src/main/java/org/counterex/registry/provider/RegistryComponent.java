package org.counterex.registry.provider;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.counterex.api.CounterListener;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.RegistryListener;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.require.RequireCounters;
import org.counterex.registry.provider.admin.RegistryAdmin;
import org.counterex.registry.provider.admin.RouteConfigurations;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.registry.provider.event.DispatchThreads;
import org.counterex.registry.provider.event.ListenerRegistry;
import org.counterex.registry.provider.migration.Migration;
import org.counterex.registry.provider.migration.MoveLog;
import org.counterex.registry.provider.routing.RouteTable;
import org.counterex.registry.provider.snapshot.SnapshotFile;
import org.counterex.support.config.Settings;
import org.counterex.support.data.DataDirectory;
import org.counterex.support.log.ServiceLog;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ManagedServiceFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The registry as a component: wires its parts together, and binds backends and listeners, from activation to
 * deactivation.
 *
 * <p><b>Order.</b> The component registers its services itself. At start it first restores the counters of an earlier
 * registry and then registers the services; at stop it first unregisters them and then collects and writes every
 * counter that no backend retains. A backend that leaves meanwhile waits for that. Counters survive a stop, update or
 * refresh of this bundle and of the API.
 */
@Component(
        immediate = true,
        service = {},
        configurationPid = BackendRegistry.PID)
@Designate(ocd = RegistryConfig.class)
@Capability(
        namespace = RequireCounters.NAMESPACE,
        name = RequireCounters.NAME,
        version = RequireCounters.VERSION,
        uses = {Counters.class, BackendRegistry.class})
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"org.counterex.api.Counters,org.counterex.api.admin.BackendRegistry\"")
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"org.counterex.registry.provider.event.AdminEventDispatcher\"")
public final class RegistryComponent {

    private static final long ONE_HOUR_MS = 3_600_000;

    private final BundleContext context;
    private final ServiceLog log;
    private final Map<CounterBackend, BackendHandle> backends = new ConcurrentHashMap<>();

    /** Registered backends with invalid claims. */
    private final Set<CounterBackend> rejected = ConcurrentHashMap.newKeySet();

    /** The counters of a stopped registry. */
    private final SnapshotFile snapshot;

    /**
     * By namespace the backend that retains its values, as entries without a counter. Not consumed by reading: valid
     * after a crash too.
     */
    private final SnapshotFile retention;

    private final DispatchThreads dispatchThreads = new DispatchThreads();
    private final AdminEventDispatcher events;
    private final ListenerRegistry listeners;
    private final MoveLog moveLog;
    private final Migration migration;
    private final RouteTable routes;
    private final RouteConfigurations configurations;

    private List<ServiceRegistration<?>> registrations = List.of();

    /**
     * @throws IOException the counters of an earlier registry cannot be read; their file is left unchanged
     * @throws IllegalArgumentException the configuration is invalid
     */
    @Activate
    public RegistryComponent(
            BundleContext context,
            Map<String, Object> properties,
            @Reference ConfigurationAdmin configurationAdmin,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    LoggerFactory logService)
            throws IOException {
        this.context = context;
        log = new ServiceLog(BackendRegistry.PID, () -> logService);
        events = new AdminEventDispatcher(log, dispatchThreads);
        listeners = new ListenerRegistry(log, dispatchThreads);
        Settings settings = new Settings(properties);
        Path directory = settings.path("directory", DataDirectory.of(context));
        snapshot = new SnapshotFile(directory.resolve("parked.counters"));
        retention = new SnapshotFile(directory.resolve("kept.namespaces"));
        dispatchThreads.prepare();
        moveLog = new MoveLog(log, events);
        migration = new Migration(
                moveLog,
                events,
                listeners,
                log,
                settings.number("callTimeoutMs", 5_000, 1, ONE_HOUR_MS),
                settings.number("parkingLimitMs", 0, 0, Long.MAX_VALUE),
                this::writeRetention);
        routes = new RouteTable(migration.routing());
        configurations = new RouteConfigurations(migration, routes, configurationAdmin);
        try {
            Map<String, String> retainingBackends = new HashMap<>();
            retention.read().forEach(entry -> retainingBackends.put(entry.namespace(), entry.retainingBackend()));
            snapshot.restore(parked -> migration.snapshot().restore(parked, retainingBackends));
        } catch (IOException e) {
            log.error(e.getMessage());
            throw e;
        }
        configurations.load(log);
    }

    @Activate
    void start() {
        registrations = List.of(
                // for the sweeps in this bundle; the class is not visible to other bundles
                context.registerService(AdminEventDispatcher.class, events, new Hashtable<>()),
                context.registerService(Counters.class, migration.namespaces().root(), new Hashtable<>()),
                context.registerService(
                        BackendRegistry.class,
                        new RegistryAdmin(migration, routes, configurations, moveLog),
                        new Hashtable<>()),
                context.registerService(
                        ManagedServiceFactory.class,
                        configurations,
                        new Hashtable<>(Map.of(Constants.SERVICE_PID, BackendRegistry.ROUTE_PID))));
    }

    @Deactivate
    void stop() {
        registrations.forEach(ServiceRegistration::unregister);
        try {
            List<SnapshotFile.Entry> parked = migration.stop();
            if (!parked.isEmpty()) {
                snapshot.write(parked);
                log.info("counters saved: file=" + snapshot.path() + " counters=" + parked.size());
            }
        } catch (IOException e) {
            log.error("failed to save counters, they are lost: file=" + snapshot.path(), e);
        } finally {
            migration.end();
            listeners.stop();
            events.stop();
            dispatchThreads.shutdown();
        }
    }

    private void writeRetention(Map<String, String> retainingBackends) {
        try {
            retention.write(retainingBackends.entrySet().stream()
                    .map(entry -> new SnapshotFile.Entry(entry.getKey(), entry.getValue(), "", 0))
                    .toList());
        } catch (IOException e) {
            log.error("failed to write which backend retains which namespace: file=" + retention.path(), e);
        }
    }

    /** Binds a backend, unless its claims are invalid. */
    @Reference(
            service = CounterBackend.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(" + CounterBackend.TYPE + "=*)")
    void bind(CounterBackend service, ServiceReference<CounterBackend> reference) {
        Bundle bundle = reference.getBundle();
        BackendHandle backend;
        try {
            backend = new BackendHandle(
                    service,
                    properties(reference),
                    bundle == null ? "" : bundle.getSymbolicName() + " " + bundle.getVersion());
        } catch (IllegalArgumentException e) {
            log.error("backend rejected: bundle=" + bundle + " reason=" + e.getMessage());
            rejected.add(service);
            return;
        }
        backends.put(service, backend);
        log.info("backend arrived: backend=" + backend + " retention=" + backend.retention() + " claims="
                + backend.claims() + " bundle=" + backend.bundle());
        migration.arrival().bind(backend);
    }

    /** Applies changed service properties of a backend. */
    void updated(CounterBackend service, ServiceReference<CounterBackend> reference) {
        BackendHandle backend = backends.get(service);
        if (backend == null) {
            // Neither bound nor rejected: it has been unbound, and this update is late.
            if (rejected.remove(service)) {
                bind(service, reference);
            }
            return;
        }
        try {
            backend.update(properties(reference));
        } catch (IllegalArgumentException e) {
            log.error("backend rejected: backend=" + backend + " reason=" + e.getMessage());
            unbind(service);
            rejected.add(service);
            return;
        }
        migration.arrival().update(backend);
    }

    /** Unbinds a backend; a successor may have been bound already. */
    void unbind(CounterBackend service) {
        rejected.remove(service);
        BackendHandle backend = backends.remove(service);
        if (backend != null) {
            migration.departure().unbind(backend);
            log.info("backend left: backend=" + backend);
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindListener(CounterListener listener, Map<String, Object> properties) {
        listeners.bind(listener, properties);
    }

    void updatedListener(CounterListener listener, Map<String, Object> properties) {
        listeners.bind(listener, properties);
    }

    void unbindListener(CounterListener listener) {
        listeners.unbind(listener);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindRegistryListener(RegistryListener listener) {
        events.bind(listener);
    }

    void unbindRegistryListener(RegistryListener listener) {
        events.unbind(listener);
    }

    private static Map<String, Object> properties(ServiceReference<?> reference) {
        Map<String, Object> properties = new HashMap<>();
        for (String key : reference.getPropertyKeys()) {
            properties.put(key, reference.getProperty(key));
        }
        return properties;
    }
}
