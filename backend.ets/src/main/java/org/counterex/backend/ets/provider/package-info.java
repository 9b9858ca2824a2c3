/**
 * The backend {@code ets}: any number of exact counters in memory. Start with
 * {@link org.counterex.backend.ets.provider.EtsBackend}; {@code EtsComponent} registers it as a service according to
 * {@code EtsConfig}. Depends on the backend API, on the hash table of {@code org.counterex.table}, and on the shared
 * reading of settings.
 */
package org.counterex.backend.ets.provider;
