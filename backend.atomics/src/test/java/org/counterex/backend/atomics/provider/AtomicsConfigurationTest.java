package org.counterex.backend.atomics.provider;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.counterex.support.config.BackendProperties;
import org.counterex.support.config.Settings;
import org.counterex.tck.ConfigurationContract;

/** The settings that the component reads, without a framework. */
public class AtomicsConfigurationTest extends ConfigurationContract {

    @Override
    protected Map<String, Predicate<Object>> keys() {
        Map<String, Predicate<Object>> keys = new HashMap<>(keysOfABackend());
        keys.put("capacity", isNumber(1, AtomicsBackend.MAX_CAPACITY));
        keys.put("signed", ConfigurationContract::isFlag);
        return keys;
    }

    @Override
    protected void configure(Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        AtomicsBackend.of(BackendProperties.of(AtomicsBackend.TYPE, settings).name(), settings);
    }
}
