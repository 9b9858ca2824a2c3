/**
 * Felix health checks of the counters. Start with {@link org.counterex.health.provider.HealthChecks}, which registers
 * them; what they test is in {@link org.counterex.health.provider.Checks}. Depends on the API and on the embedded
 * settings.
 */
package org.counterex.health.provider;
