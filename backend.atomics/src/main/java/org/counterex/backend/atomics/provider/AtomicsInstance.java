package org.counterex.backend.atomics.provider;

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
        configurationPid = AtomicsConfig.PID + ".instance",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AtomicsConfig.class, factory = true)
public final class AtomicsInstance extends AtomicsComponent {

    /**
     * Registers the service.
     *
     * @throws IllegalArgumentException a setting is invalid
     */
    @Activate
    public AtomicsInstance(BundleContext context, Map<String, ?> properties) {
        super(context, properties);
    }

    @Deactivate
    @Override
    public void leave() {
        super.leave();
    }
}
