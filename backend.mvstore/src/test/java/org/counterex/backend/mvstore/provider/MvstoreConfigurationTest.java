package org.counterex.backend.mvstore.provider;

import static org.junit.Assert.assertEquals;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.counterex.support.config.BackendProperties;
import org.counterex.support.config.Settings;
import org.counterex.tck.ConfigurationContract;
import org.junit.Test;

/** Reading of the configuration, without the framework that the component registers its service with. */
public class MvstoreConfigurationTest extends ConfigurationContract {

    private static final Path DATA = Path.of("some", "folder");

    @Override
    protected Map<String, Predicate<Object>> keys() {
        Map<String, Predicate<Object>> keys = new HashMap<>(keysOfABackend());
        keys.put("file", ConfigurationContract::isPath);
        keys.put("flushIntervalMs", isNumber(1, 3_600_000));
        keys.put(
                "durability",
                value -> isText(value)
                        && Set.of("interval", "commit")
                                .contains(value.toString().trim()));
        return keys;
    }

    @Override
    protected void configure(Map<String, ?> properties) {
        read(properties);
    }

    private static MvstoreSettings read(Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        return MvstoreSettings.of(settings, BackendProperties.of(MvstoreBackend.TYPE, settings), DATA);
    }

    @Test
    public void file_missing_isNamedAfterTheInstance() {
        assertEquals(DATA.resolve("counters.mv"), read(Map.of()).file());
        assertEquals(DATA.resolve("second.mv"), read(Map.of("name", "second")).file());
        assertEquals(
                Path.of("here.mv"),
                read(Map.of("file", "here.mv", "name", "second")).file());
    }

    @Test
    public void durability_ofEachKind_isRead() {
        assertEquals(false, read(Map.of()).awaitsCommit());
        assertEquals(true, read(Map.of("durability", "commit")).awaitsCommit());
        assertEquals(100, read(Map.of()).flushIntervalMs());
    }
}
