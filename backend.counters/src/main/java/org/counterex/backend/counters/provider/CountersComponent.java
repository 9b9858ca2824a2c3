package org.counterex.backend.counters.provider;

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
 * Offers a {@link CountersBackend} as a service as long as it is active. This is the instance that is always there.
 *
 * <p>A change of its configuration makes another instance. No count is lost by that: the registry takes the counters
 * out while the service is being unregistered, and puts them into the next.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = CountersConfig.PID)
@Designate(ocd = CountersConfig.class)
public class CountersComponent {

    private final ServiceRegistration<CounterBackend> registration;

    /** @throws IllegalArgumentException a setting is invalid */
    @Activate
    public CountersComponent(BundleContext context, Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        BackendProperties identity = BackendProperties.of(CountersBackend.TYPE, settings);
        registration = context.registerService(
                CounterBackend.class, CountersBackend.of(identity.name(), settings), identity.properties());
    }

    /** Returns when the registry has taken the counters out. */
    @Deactivate
    public void leave() {
        registration.unregister();
    }
}
