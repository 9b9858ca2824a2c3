/**
 * The backend {@code counters}: a fixed number of counters for many concurrent writers. Start with {@link
 * org.counterex.backend.counters.provider.CountersBackend}; {@code CountersComponent} registers it as a service according to {@code
 * CountersConfig}. Depends on the backend API and on the embedded table over a map.
 */
package org.counterex.backend.counters.provider;
