package org.counterex.backend.redis.provider;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Map;
import org.counterex.api.backend.CounterBackend;
import org.counterex.support.config.BackendProperties;
import org.counterex.support.config.Settings;
import org.counterex.support.data.DataDirectory;
import org.counterex.support.log.ServiceLog;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Component that registers a {@link RedisBackend} as a service while it is active. The first instance, which exists
 * only with a configuration.
 *
 * <p>Whether the server is reachable is a service property: routes may select by it, and a change triggers the registry
 * to resolve placements again.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = RedisConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RedisConfig.class)
public class RedisComponent {

    /** Service property, {@code Boolean}: whether the server is reachable. */
    static final String CONNECTED = "connected";

    /** Not private: Declarative Services do not inject into a private field of a superclass. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile LoggerFactory logService;

    private RedisBackend backend;
    private BackendProperties identity;
    private volatile ServiceRegistration<CounterBackend> registration;

    /**
     * Starts the client and registers the service.
     *
     * @throws IllegalArgumentException a setting is invalid
     * @throws IOException the file of additions that an earlier instance did not send cannot be read
     */
    @Activate
    void enter(BundleContext context, Map<String, ?> properties) throws IOException {
        Settings settings = new Settings(properties);
        identity = BackendProperties.of(RedisBackend.TYPE, settings);
        Path pendingFile = DataDirectory.of(context).resolve("redis-" + identity.fileName() + ".unsent");
        backend = new RedisBackend(
                identity.name(),
                RedisSettings.of(settings),
                pendingFile,
                new ServiceLog(RedisConfig.PID, () -> logService),
                this::updateConnected);
        registration = context.registerService(CounterBackend.class, backend, service(backend.isConnected()));
        updateConnected();
    }

    private Dictionary<String, Object> service(boolean connected) {
        Dictionary<String, Object> service = identity.properties();
        service.put(CounterBackend.RETENTION, CounterBackend.RETENTION_SHARED);
        service.put(CONNECTED, connected);
        return service;
    }

    /** Updates the service property. Of two concurrent calls, the later one sees the current state. */
    private void updateConnected() {
        ServiceRegistration<CounterBackend> registered = registration;
        if (registered == null) {
            return; // the property is set at registration
        }
        boolean published;
        do {
            published = backend.isConnected();
            try {
                registered.setProperties(service(published));
            } catch (IllegalStateException e) {
                return; // unregistered meanwhile
            }
        } while (published != backend.isConnected());
    }

    /** Unregisters the service; returns when all additions are on the server or in the file. */
    @Deactivate
    void leave() {
        registration.unregister();
        backend.close();
    }
}
