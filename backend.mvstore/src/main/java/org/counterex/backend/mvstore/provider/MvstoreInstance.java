package org.counterex.backend.mvstore.provider;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** One more instance for each factory configuration; Declarative Services want a PID of their own for these. */
@Component(
        service = {},
        immediate = true,
        configurationPid = MvstoreConfig.PID + ".instance",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = MvstoreConfig.class, factory = true)
public final class MvstoreInstance extends MvstoreComponent {}
