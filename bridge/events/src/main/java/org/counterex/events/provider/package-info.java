/**
 * Bridge from the registry to EventAdmin. Start with {@link org.counterex.events.provider.EventBridge} for the events
 * of the registry and {@link org.counterex.events.provider.Threshold} for counters that reach a value. Depends on the
 * API and on the embedded support packages.
 */
package org.counterex.events.provider;
