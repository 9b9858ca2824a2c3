package org.counterex.backend.mvstore.provider;

import java.nio.file.Path;
import org.counterex.support.config.BackendProperties;
import org.counterex.support.config.Settings;

/**
 * Validated settings of a {@link MvstoreBackend}; {@link MvstoreConfig} describes them.
 *
 * @param awaitsCommit whether calls wait for the disk
 */
record MvstoreSettings(Path file, long flushIntervalMs, boolean awaitsCommit) {

    private static final long ONE_HOUR_MS = 3_600_000;

    /**
     * Reads the settings.
     *
     * @param data the folder of the file if the setting {@code file} is missing
     * @throws IllegalArgumentException a setting is invalid
     */
    static MvstoreSettings of(Settings settings, BackendProperties identity, Path data) {
        return new MvstoreSettings(
                file(settings, identity, data),
                settings.number("flushIntervalMs", 100, 1, ONE_HOUR_MS),
                awaitsCommit(settings));
    }

    private static Path file(Settings settings, BackendProperties identity, Path data) {
        String name = identity.name().equals(MvstoreBackend.TYPE) ? "counters" : identity.fileName();
        return settings.path("file", data.resolve(name + ".mv"));
    }

    private static boolean awaitsCommit(Settings settings) {
        String durability = settings.text("durability", MvstoreConfig.INTERVAL);
        return switch (durability) {
            case MvstoreConfig.INTERVAL -> false;
            case MvstoreConfig.COMMIT -> true;
            default -> throw settings.invalid("durability", MvstoreConfig.INTERVAL + " or " + MvstoreConfig.COMMIT);
        };
    }
}
