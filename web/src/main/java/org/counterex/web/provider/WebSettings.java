package org.counterex.web.provider;

import java.util.Map;
import org.counterex.support.config.Settings;
import org.counterex.web.provider.http.AccessSettings;
import org.counterex.web.provider.metrics.MetricsSettings;

/**
 * Configuration of the web server.
 *
 * @param access tokens, passwords and host names
 * @param maxStreams maximum number of concurrent event streams
 * @param metrics which counters a scrape contains
 */
record WebSettings(AccessSettings access, int maxStreams, MetricsSettings metrics) {

    /** @throws IllegalArgumentException a value is invalid; the message contains no secret */
    static WebSettings of(Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        return new WebSettings(
                AccessSettings.of(properties),
                (int) settings.number("maxStreams", 1_000, 1, 100_000),
                MetricsSettings.of(settings));
    }
}
