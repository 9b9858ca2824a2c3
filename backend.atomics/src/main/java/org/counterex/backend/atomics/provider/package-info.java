/**
 * The backend {@code atomics}: a fixed number of exact counters in flat arrays. Start with
 * {@link org.counterex.backend.atomics.provider.AtomicsTable}, which contains the algorithm; {@code AtomicsComponent}
 * registers the backend as a service according to {@code AtomicsConfig}. Depends on the backend API and on the shared
 * reading of settings.
 */
package org.counterex.backend.atomics.provider;
