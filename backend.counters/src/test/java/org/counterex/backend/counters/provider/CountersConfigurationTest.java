package org.counterex.backend.counters.provider;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.counterex.support.config.BackendProperties;
import org.counterex.support.config.Settings;
import org.counterex.tck.ConfigurationContract;

/** The settings that the component reads, without a framework. */
public class CountersConfigurationTest extends ConfigurationContract {

    @Override
    protected Map<String, Predicate<Object>> keys() {
        Map<String, Predicate<Object>> keys = new HashMap<>(keysOfABackend());
        keys.put("capacity", isNumber(1, CountersBackend.MAX_CAPACITY));
        keys.put("writeConcurrency", ConfigurationContract::isFlag);
        return keys;
    }

    @Override
    protected void configure(Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        CountersBackend.of(BackendProperties.of(CountersBackend.TYPE, settings).name(), settings);
    }
}
