package org.counterex.web.provider;

import java.util.List;
import org.counterex.support.config.Settings;

/**
 * What is configured of scrapes.
 *
 * @param filter the counters they may have
 * @param limit samples with the name of a namespace that each family may have
 */
record MetricsSettings(MetricsFilter filter, long limit) {

    private static final long LIMIT = 1_000_000;
    private static final long HIGHEST_LIMIT = 1_000_000_000;

    /** @throws IllegalArgumentException a value makes no sense */
    static MetricsSettings of(Settings settings) {
        List<String> include = patterns(settings, "metricsInclude");
        List<String> exclude = patterns(settings, "metricsExclude");
        return new MetricsSettings(
                new MetricsFilter(MetricsFilter.ALL, include, exclude),
                settings.number("metricsLimit", LIMIT, 0, HIGHEST_LIMIT));
    }

    private static List<String> patterns(Settings settings, String key) {
        List<String> patterns = settings.list(key);
        try {
            new MetricsFilter(MetricsFilter.ALL, patterns, List.of());
        } catch (IllegalArgumentException e) {
            throw settings.refused(key, e.getMessage());
        }
        return patterns;
    }
}
