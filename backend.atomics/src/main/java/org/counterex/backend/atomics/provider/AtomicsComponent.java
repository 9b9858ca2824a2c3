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
 * Offers an {@link AtomicsBackend} as a service as long as it is active. This is the instance that is always there.
 *
 * <p>A change of its configuration makes another instance. No count is lost by that: the registry takes the counters
 * out while the service is being unregistered, and puts them into the next.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = AtomicsConfig.PID)
@Designate(ocd = AtomicsConfig.class)
public class AtomicsComponent {

    private final ServiceRegistration<CounterBackend> registration;

    /** @throws IllegalArgumentException a setting is invalid */
    @Activate
    public AtomicsComponent(BundleContext context, Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        BackendProperties identity = BackendProperties.of(AtomicsBackend.TYPE, settings);
        registration = context.registerService(
                CounterBackend.class, AtomicsBackend.of(identity.name(), settings), identity.properties());
    }

    /** Returns when the registry has taken the counters out. */
    @Deactivate
    public void leave() {
        registration.unregister();
    }
}
