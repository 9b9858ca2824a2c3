package org.counterex.backend.atomics.provider;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.counterex.support.config.BackendProperties;
import org.counterex.support.config.Settings;
import org.counterex.tck.ConfigurationContract;

/** What the component reads of its configuration, without the framework that it registers its service with. */
public class AtomicsConfigurationTest extends ConfigurationContract {

    @Override
    protected Map<String, Predicate<Object>> keys() {
        Map<String, Predicate<Object>> keys = new HashMap<>(keysOfABackend());
        keys.put("capacity", isNumber(1, AtomicsBackend.MOST));
        keys.put("signed", ConfigurationContract::isFlag);
        return keys;
    }

    @Override
    protected void configure(Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        AtomicsBackend.of(BackendProperties.of(AtomicsBackend.TYPE, settings).name(), settings);
    }
}
