package org.counterex.backend.mvstore.provider;

import java.io.IOException;
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
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Component that registers a {@link MvstoreBackend} as a service while it is active. The first instance, which exists
 * even without a configuration.
 *
 * <p>A changed configuration leads to a new instance, which reads the counters from the file; callers may add
 * meanwhile.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = MvstoreConfig.PID)
@Designate(ocd = MvstoreConfig.class)
public class MvstoreComponent {

    /** Not private: Declarative Services do not inject into a private field of a superclass. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile LoggerFactory logService;

    private MvstoreBackend backend;
    private ServiceRegistration<CounterBackend> registration;

    /**
     * Opens the file and registers the service.
     *
     * @throws IllegalArgumentException a setting is invalid
     * @throws IOException the file cannot be used; it is unchanged
     */
    @Activate
    void enter(BundleContext context, Map<String, ?> properties) throws IOException {
        Settings settings = new Settings(properties);
        BackendProperties identity = BackendProperties.of(MvstoreBackend.TYPE, settings);
        MvstoreSettings mvstoreSettings = MvstoreSettings.of(settings, identity, DataDirectory.of(context));
        ServiceLog log = new ServiceLog(MvstoreConfig.PID, () -> logService);
        try {
            backend = new MvstoreBackend(
                    identity.name(),
                    mvstoreSettings.file(),
                    mvstoreSettings.flushIntervalMs(),
                    mvstoreSettings.awaitsCommit(),
                    log);
        } catch (IOException e) {
            log.error(e.getMessage());
            throw e;
        }
        Dictionary<String, Object> service = identity.properties();
        service.put(CounterBackend.RETENTION, CounterBackend.RETENTION_LOCAL);
        registration = context.registerService(CounterBackend.class, backend, service);
    }

    /** Unregisters the service; returns when all values are in the file. */
    @Deactivate
    void leave() {
        registration.unregister();
        backend.close();
    }
}
