package org.counterex.events.provider;

import java.util.List;
import java.util.Map;
import org.counterex.api.Glob;
import org.counterex.support.config.Settings;

/**
 * Configuration of a threshold.
 *
 * @param namespaces the watched namespaces
 * @param keys the watched keys in them
 * @param value the threshold: a counter with this value or more is above it
 */
record ThresholdSettings(List<Glob> namespaces, List<Glob> keys, long value) {

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException if a setting is invalid; the message is one line that names it
     */
    static ThresholdSettings of(Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        if (properties.get("value") == null) {
            throw settings.invalid("value", "a whole number from " + -Long.MAX_VALUE + " to " + Long.MAX_VALUE);
        }
        return new ThresholdSettings(
                settings.globs("namespace"),
                properties.get("keys") == null ? List.of(Glob.of("*")) : settings.globs("keys"),
                settings.number("value", 0, -Long.MAX_VALUE, Long.MAX_VALUE));
    }

    boolean isForNamespace(String namespace) {
        return namespaces.stream().anyMatch(glob -> glob.matches(namespace));
    }

    boolean isForKey(String key) {
        return keys.stream().anyMatch(glob -> glob.matches(key));
    }

    /** Returns the namespaces as the value of a listener's service property. */
    String[] namespaceTexts() {
        return namespaces.stream().map(Glob::text).toArray(String[]::new);
    }
}
