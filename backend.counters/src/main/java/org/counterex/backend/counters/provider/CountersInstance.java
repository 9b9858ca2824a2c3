package org.counterex.backend.counters.provider;

import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** Further instance for each factory configuration, for which Declarative Services require a PID of its own. */
@Component(
        service = {},
        immediate = true,
        configurationPid = CountersConfig.PID + ".instance",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = CountersConfig.class, factory = true)
public final class CountersInstance extends CountersComponent {

    /**
     * Registers the service.
     *
     * @throws IllegalArgumentException a setting is invalid
     */
    @Activate
    public CountersInstance(BundleContext context, Map<String, ?> properties) {
        super(context, properties);
    }

    @Deactivate
    @Override
    public void leave() {
        super.leave();
    }
}
