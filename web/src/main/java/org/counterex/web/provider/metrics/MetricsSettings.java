package org.counterex.web.provider.metrics;

import java.util.List;
import org.counterex.support.config.Settings;

/**
 * Configuration of scrapes.
 *
 * @param filter counters that a scrape may contain
 * @param limit maximum number of samples with a namespace, in each metric family
 */
public record MetricsSettings(MetricsFilter filter, long limit) {

    private static final long DEFAULT_LIMIT = 1_000_000;
    private static final long MAX_LIMIT = 1_000_000_000;

    /** @throws IllegalArgumentException a value is invalid */
    public static MetricsSettings of(Settings settings) {
        List<String> include = patterns(settings, "metricsInclude");
        List<String> exclude = patterns(settings, "metricsExclude");
        return new MetricsSettings(
                new MetricsFilter(MetricsFilter.ALL, include, exclude),
                settings.number("metricsLimit", DEFAULT_LIMIT, 0, MAX_LIMIT));
    }

    private static List<String> patterns(Settings settings, String key) {
        List<String> patterns = settings.list(key);
        try {
            new MetricsFilter(MetricsFilter.ALL, patterns, List.of());
        } catch (IllegalArgumentException e) {
            throw settings.invalid(key, e.getMessage());
        }
        return patterns;
    }
}
