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
 * Offers a {@link RedisBackend} as a service as long as it is active; without a configuration there is none.
 *
 * <p>Whether the server answers is a property of the service. So the registry looks again at what belongs here as soon as the
 * server is there, and routes may ask for it.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = RedisConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RedisConfig.class)
public class RedisComponent {

    /** Service property, {@code Boolean}: whether the server answers. */
    static final String CONNECTED = "connected";

    /** Not private: Declarative Services give a component nothing through a private field of its superclass. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile LoggerFactory logService;

    private RedisBackend backend;
    private BackendProperties identity;
    private volatile ServiceRegistration<CounterBackend> registration;

    /**
     * @throws IllegalArgumentException a setting is invalid
     * @throws IOException what an earlier instance could not send cannot be read
     */
    @Activate
    void enter(BundleContext context, Map<String, ?> properties) throws IOException {
        Settings settings = new Settings(properties);
        identity = BackendProperties.of(RedisBackend.TYPE, settings);
        Path unsent = DataDirectory.of(context).resolve("redis-" + identity.fileName() + ".unsent");
        backend = new RedisBackend(
                identity.name(),
                RedisSettings.of(settings),
                unsent,
                new ServiceLog(RedisConfig.PID, () -> logService),
                this::tell);
        registration = context.registerService(CounterBackend.class, backend, service(backend.isConnected()));
        tell();
    }

    private Dictionary<String, Object> service(boolean connected) {
        Dictionary<String, Object> service = identity.properties();
        service.put(CounterBackend.RETENTION, CounterBackend.RETENTION_SHARED);
        service.put(CONNECTED, connected);
        return service;
    }

    /** Brings the property of the service up to date; what comes between two threads here the later one sees. */
    private void tell() {
        ServiceRegistration<CounterBackend> registered = registration;
        if (registered == null) {
            return; // it is told when it is registered
        }
        boolean told;
        do {
            told = backend.isConnected();
            try {
                registered.setProperties(service(told));
            } catch (IllegalStateException e) {
                return; // it has left
            }
        } while (told != backend.isConnected());
    }

    /** Returns when all is on the server, or in the file. */
    @Deactivate
    void leave() {
        registration.unregister();
        backend.close();
    }
}
