/**
 * Scrapes of all counters and of the state of the registry, in OpenMetrics and the older text format of Prometheus.
 * Start with {@link org.counterex.web.provider.metrics.Metrics}. Depends on {@code live} for the services of the
 * registry and on {@code http}.
 */
package org.counterex.web.provider.metrics;
