package org.counterex.backend.atomics.provider;

import java.util.Map;
import org.counterex.api.backend.CounterBackend;
import org.counterex.support.config.BackendProperties;
import org.counterex.support.config.Settings;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Component that registers an {@link AtomicsBackend} as a service while it is active. The first instance, which exists
 * even without a configuration.
 *
 * <p>A changed configuration leads to a new instance. No count is lost: the registry takes the counters out while the
 * service of the old instance is being unregistered, and puts them into the new one.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = AtomicsConfig.PID)
@Designate(ocd = AtomicsConfig.class)
public class AtomicsComponent {

    private final ServiceRegistration<CounterBackend> registration;

    /**
     * Registers the service.
     *
     * @throws IllegalArgumentException a setting is invalid
     */
    @Activate
    public AtomicsComponent(BundleContext context, Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        BackendProperties service = BackendProperties.of(AtomicsBackend.TYPE, settings);
        registration = context.registerService(
                CounterBackend.class, AtomicsBackend.of(service.name(), settings), service.properties());
    }

    /** Unregisters the service; returns when the registry has taken the counters out. */
    @Deactivate
    public void leave() {
        registration.unregister();
    }
}
