package org.counterex.backend.ets.provider;

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
        configurationPid = EtsConfig.PID + ".instance",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = EtsConfig.class, factory = true)
public final class EtsInstance extends EtsComponent {

    /**
     * Registers the service.
     *
     * @throws IllegalArgumentException a setting is invalid
     */
    @Activate
    public EtsInstance(BundleContext context, Map<String, ?> properties) {
        super(context, properties);
    }

    @Deactivate
    @Override
    public void leave() {
        super.leave();
    }
}
