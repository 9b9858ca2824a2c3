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
import org.counterex.registry.provider.migration.MoveLog;
import org.counterex.registry.provider.migration.Mover;
import org.counterex.registry.provider.routing.RouteTable;
import org.counterex.registry.provider.snapshot.SnapshotFile;
import org.counterex.support.config.Settings;
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
 * The registry as a component: brings backends, routes and callers together, from activation to deactivation.
 *
 * <p>It registers its services itself, so that the order is plain: at first the counters of an earlier registry are taken up,
 * then callers come; at the end callers are sent away, then all counters that no backend keeps are taken out and written.
 * A backend that leaves meanwhile waits for that. Counts survive a stop, update or refresh of this bundle and of the API.
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

    /** Framework property: the directory for what has to outlive the framework's own storage. */
    static final String DATA = "counterex.data";

    private static final long ONE_HOUR_MS = 3_600_000;

    private final BundleContext context;
    private final ServiceLog log;
    private final Map<CounterBackend, BackendHandle> backends = new ConcurrentHashMap<>();

    /** Those that are here and claim nonsense. */
    private final Set<CounterBackend> refused = ConcurrentHashMap.newKeySet();

    private final SnapshotFile file;

    /** Which backend keeps the values of which namespace: entries without a counter. Not set aside, as it is true after a crash too. */
    private final SnapshotFile kept;

    private final DispatchThreads couriers = new DispatchThreads();
    private final AdminEventDispatcher events;
    private final ListenerRegistry telemetry;
    private final MoveLog audit;
    private final Mover mover;
    private final RouteTable routes;
    private final RouteConfigurations stored;

    private List<ServiceRegistration<?>> registrations = List.of();

    /**
     * @throws IOException the counters of an earlier registry cannot be taken up; they stay where they are
     * @throws IllegalArgumentException the configuration makes no sense
     */
    @Activate
    public RegistryComponent(
            BundleContext context,
            Map<String, Object> properties,
            @Reference ConfigurationAdmin configurations,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    LoggerFactory logService)
            throws IOException {
        this.context = context;
        log = new ServiceLog(BackendRegistry.PID, () -> logService);
        events = new AdminEventDispatcher(log, couriers);
        telemetry = new ListenerRegistry(log, couriers);
        Settings settings = new Settings(properties);
        String data = context.getProperty(DATA);
        Path directory = settings.path("directory", Path.of(data == null ? "data" : data));
        file = new SnapshotFile(directory.resolve("parked.counters"));
        kept = new SnapshotFile(directory.resolve("kept.namespaces"));
        couriers.prepare();
        audit = new MoveLog(log, events);
        mover = new Mover(
                audit,
                events,
                telemetry,
                log,
                settings.number("callTimeoutMs", 5_000, 1, ONE_HOUR_MS),
                settings.number("parkingLimitMs", 0, 0, Long.MAX_VALUE),
                this::keep);
        routes = new RouteTable(mover.routing());
        stored = new RouteConfigurations(mover, routes, configurations);
        try {
            Map<String, String> keepers = new HashMap<>();
            kept.read().forEach(entry -> keepers.put(entry.namespace(), entry.retainingBackend()));
            file.restore(parked -> mover.load(parked, keepers));
        } catch (IOException e) {
            log.error(e.getMessage());
            throw e;
        }
        stored.load(log);
    }

    @Activate
    void start() {
        registrations = List.of(
                // for the sweeps in this bundle: nobody else sees the class
                context.registerService(AdminEventDispatcher.class, events, new Hashtable<>()),
                context.registerService(Counters.class, mover.counters(), new Hashtable<>()),
                context.registerService(
                        BackendRegistry.class, new RegistryAdmin(mover, routes, stored, audit), new Hashtable<>()),
                context.registerService(
                        ManagedServiceFactory.class,
                        stored,
                        new Hashtable<>(Map.of(Constants.SERVICE_PID, BackendRegistry.ROUTE_PID))));
    }

    @Deactivate
    void stop() {
        registrations.forEach(ServiceRegistration::unregister);
        try {
            List<SnapshotFile.Entry> parked = mover.stop();
            if (!parked.isEmpty()) {
                file.write(parked);
                log.info("counters are parked: file=" + file.path() + " counters=" + parked.size());
            }
        } catch (IOException e) {
            log.error("counters could not be parked and are lost: file=" + file.path(), e);
        } finally {
            mover.end();
            telemetry.stop();
            events.stop();
            couriers.shutdown();
        }
    }

    private void keep(Map<String, String> keepers) {
        try {
            kept.write(keepers.entrySet().stream()
                    .map(entry -> new SnapshotFile.Entry(entry.getKey(), entry.getValue(), "", 0))
                    .toList());
        } catch (IOException e) {
            log.error("it could not be written which backend keeps which namespace: file=" + kept.path(), e);
        }
    }

    /** A backend has come. */
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
            log.error("backend is refused: bundle=" + bundle + " reason=" + e.getMessage());
            refused.add(service);
            return;
        }
        backends.put(service, backend);
        log.info("backend arrived: backend=" + backend + " retention=" + backend.retention() + " claims="
                + backend.claims() + " bundle=" + backend.bundle());
        mover.bind(backend);
    }

    /** The service properties of a backend have changed. */
    void updated(CounterBackend service, ServiceReference<CounterBackend> reference) {
        BackendHandle backend = backends.get(service);
        if (backend == null) {
            // Otherwise it has left, and this comes late.
            if (refused.remove(service)) {
                bind(service, reference);
            }
            return;
        }
        try {
            backend.update(properties(reference));
        } catch (IllegalArgumentException e) {
            log.error("backend is refused: backend=" + backend + " reason=" + e.getMessage());
            unbind(service);
            refused.add(service);
            return;
        }
        mover.update(backend);
    }

    /** A backend is leaving. By identity: its successor may be here already. */
    void unbind(CounterBackend service) {
        refused.remove(service);
        BackendHandle backend = backends.remove(service);
        if (backend != null) {
            mover.unbind(backend);
            log.info("backend left: backend=" + backend);
        }
    }

    /** A listener has come. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindListener(CounterListener listener, Map<String, Object> properties) {
        telemetry.bind(listener, properties);
    }

    void updatedListener(CounterListener listener, Map<String, Object> properties) {
        telemetry.bind(listener, properties);
    }

    void unbindListener(CounterListener listener) {
        telemetry.unbind(listener);
    }

    /** A listener has come. */
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
