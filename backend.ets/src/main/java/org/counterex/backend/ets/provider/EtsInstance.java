package org.counterex.backend.ets.provider;

import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** One more instance for each factory configuration; Declarative Services want a PID of their own for these. */
@Component(
        service = {},
        immediate = true,
        configurationPid = EtsConfig.PID + ".instance",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = EtsConfig.class, factory = true)
public final class EtsInstance extends EtsComponent {

    /** @throws IllegalArgumentException a setting is invalid */
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
