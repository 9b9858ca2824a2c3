package org.counterex.backend.redis.provider;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** One more instance for each factory configuration; Declarative Services want a PID of their own for these. */
@Component(
        service = {},
        immediate = true,
        configurationPid = RedisConfig.PID + ".instance",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RedisConfig.class, factory = true)
public final class RedisInstance extends RedisComponent {}
