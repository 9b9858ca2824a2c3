/**
 * Current state of the registry: its services, sampled totals, and event streams to clients. Start with
 * {@link org.counterex.web.provider.live.Sampler}. Depends on {@code http} and {@code json}.
 */
package org.counterex.web.provider.live;
