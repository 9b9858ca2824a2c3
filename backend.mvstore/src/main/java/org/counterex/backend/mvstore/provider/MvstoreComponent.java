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
 * Offers a {@link MvstoreBackend} as a service as long as it is active. This is the instance that is always there.
 *
 * <p>A change of its configuration makes another instance, which finds the counters in the file; callers may add meanwhile.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = MvstoreConfig.PID)
@Designate(ocd = MvstoreConfig.class)
public class MvstoreComponent {

    /** Not private: Declarative Services give a component nothing through a private field of its superclass. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile LoggerFactory logService;

    private MvstoreBackend backend;
    private ServiceRegistration<CounterBackend> registration;

    /**
     * @throws IllegalArgumentException a setting is invalid
     * @throws IOException the file cannot be used, and is left as it is
     */
    @Activate
    void enter(BundleContext context, Map<String, ?> properties) throws IOException {
        Settings settings = new Settings(properties);
        BackendProperties identity = BackendProperties.of(MvstoreBackend.TYPE, settings);
        MvstoreSettings wanted = MvstoreSettings.of(settings, identity, DataDirectory.of(context));
        ServiceLog log = new ServiceLog(MvstoreConfig.PID, () -> logService);
        try {
            backend = new MvstoreBackend(
                    identity.name(), wanted.file(), wanted.flushIntervalMs(), wanted.awaitsCommit(), log);
        } catch (IOException e) {
            log.error(e.getMessage());
            throw e;
        }
        Dictionary<String, Object> service = identity.properties();
        service.put(CounterBackend.RETENTION, CounterBackend.RETENTION_LOCAL);
        registration = context.registerService(CounterBackend.class, backend, service);
    }

    /** Returns when all is in the file. */
    @Deactivate
    void leave() {
        registration.unregister();
        backend.close();
    }
}
