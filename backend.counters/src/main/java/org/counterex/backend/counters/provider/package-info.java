/**
 * The backend {@code counters}: a fixed number of counters that are spread over stripes for concurrent writers. Start
 * with {@link org.counterex.backend.counters.provider.CountersTable}, whose striped cells belong to the table API;
 * {@code CountersComponent} registers the backend as a service according to {@code CountersConfig}. Depends on the
 * backend API, on the map table of {@code org.counterex.table}, and on the shared reading of settings.
 */
package org.counterex.backend.counters.provider;
