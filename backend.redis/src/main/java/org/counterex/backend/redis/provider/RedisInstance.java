package org.counterex.backend.redis.provider;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** Further instance for each factory configuration, for which Declarative Services require a PID of its own. */
@Component(
        service = {},
        immediate = true,
        configurationPid = RedisConfig.PID + ".instance",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RedisConfig.class, factory = true)
public final class RedisInstance extends RedisComponent {}
