/**
 * The backend {@code ets}: an unbounded number of exact counters in memory. Start with {@link
 * org.counterex.backend.ets.provider.EtsBackend}; {@code EtsComponent} registers it as a service according to {@code
 * EtsConfig}. Depends on the backend API and on the embedded hash table.
 */
package org.counterex.backend.ets.provider;
