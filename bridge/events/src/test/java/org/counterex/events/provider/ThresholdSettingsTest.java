package org.counterex.events.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.counterex.api.Glob;
import org.counterex.support.config.Settings;
import org.counterex.tck.ConfigurationContract;
import org.junit.Test;

/** Reading of the configuration of a threshold. */
public class ThresholdSettingsTest extends ConfigurationContract {

    private static boolean areGlobs(Object value) {
        if (!isList(value)) {
            return false;
        }
        List<String> globs = new Settings(Map.of("globs", value)).list("globs");
        return !globs.isEmpty() && globs.stream().allMatch(ThresholdSettingsTest::isAcceptedGlob);
    }

    private static boolean isAcceptedGlob(String text) {
        try {
            return Glob.of(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    protected Map<String, Predicate<Object>> keys() {
        return Map.of(
                "namespace", ThresholdSettingsTest::areGlobs,
                "keys", ThresholdSettingsTest::areGlobs,
                "value", isNumber(-Long.MAX_VALUE, Long.MAX_VALUE));
    }

    @Override
    protected void configure(Map<String, ?> properties) {
        Map<String, Object> complete = new HashMap<>(properties);
        complete.values().removeIf(value -> value == null);
        complete.putIfAbsent("namespace", "a");
        complete.putIfAbsent("value", 5);
        ThresholdSettings.of(complete);
    }

    @Test
    public void setting_missing_isRejected() {
        for (Map<String, Object> incomplete :
                List.<Map<String, Object>>of(Map.of("namespace", "a"), Map.of("value", 5))) {
            assertThrows(IllegalArgumentException.class, () -> ThresholdSettings.of(incomplete));
        }
    }

    @Test
    public void keys_missing_matchAll() {
        ThresholdSettings settings = ThresholdSettings.of(Map.of("namespace", "a*, b", "value", "-5"));
        assertEquals(-5, settings.value());
        assertEquals(true, settings.isForKey("any"));
        assertEquals(true, settings.isForNamespace("ab"));
        assertEquals(false, settings.isForNamespace("bb"));
        assertEquals(List.of("a*", "b"), List.of(settings.namespaceTexts()));
    }
}
