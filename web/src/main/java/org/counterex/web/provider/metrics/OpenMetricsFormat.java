package org.counterex.web.provider.metrics;

import java.util.Locale;

/** Text format of a scrape. */
enum OpenMetricsFormat {
    /** OpenMetrics 1.0. */
    OPENMETRICS("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8"),

    /** The older text format of Prometheus, 0.0.4, which browsers display, too. */
    PROMETHEUS("text/plain", "text/plain; version=0.0.4; charset=utf-8");

    private final String mediaType;
    private final String contentType;

    OpenMetricsFormat(String mediaType, String contentType) {
        this.mediaType = mediaType;
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /**
     * Returns the format that a client prefers: OpenMetrics if it is named with the highest quality, otherwise the
     * older one.
     *
     * @param accept the header {@code Accept}, null if absent
     */
    static OpenMetricsFormat preferred(String accept) {
        double open = 0;
        double plain = 0;
        for (String range : accept == null ? new String[0] : accept.split(",")) {
            String[] parts = range.trim().toLowerCase(Locale.ROOT).split("\\s*;\\s*");
            if (parts[0].equals(OPENMETRICS.mediaType)) {
                open = Math.max(open, quality(parts));
            } else if (parts[0].equals(PROMETHEUS.mediaType)) {
                plain = Math.max(plain, quality(parts));
            }
        }
        return open > 0 && open >= plain ? OPENMETRICS : PROMETHEUS;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].matches("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
                return Double.parseDouble(parts[i].substring(2));
            }
        }
        return 1;
    }
}
