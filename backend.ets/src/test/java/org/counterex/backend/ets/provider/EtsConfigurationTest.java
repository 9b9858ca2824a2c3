package org.counterex.backend.ets.provider;

import java.util.Map;
import java.util.function.Predicate;
import org.counterex.support.config.BackendProperties;
import org.counterex.support.config.Settings;
import org.counterex.tck.ConfigurationContract;

/** The settings that the component reads, without a framework. */
public class EtsConfigurationTest extends ConfigurationContract {

    @Override
    protected Map<String, Predicate<Object>> keys() {
        return keysOfABackend();
    }

    @Override
    protected void configure(Map<String, ?> properties) {
        BackendProperties.of(EtsBackend.TYPE, new Settings(properties));
    }
}
