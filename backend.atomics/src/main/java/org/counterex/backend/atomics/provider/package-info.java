/**
 * The backend {@code atomics}: a fixed number of exact counters in flat arrays. Start with {@link
 * org.counterex.backend.atomics.provider.AtomicsBackend}; {@code AtomicsComponent} registers it as a service according to {@code
 * AtomicsConfig}. Depends on the backend API.
 */
package org.counterex.backend.atomics.provider;
