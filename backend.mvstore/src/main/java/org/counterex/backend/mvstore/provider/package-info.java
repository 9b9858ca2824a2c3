/**
 * The backend {@code mvstore}: exact counters in memory, kept in a file. Start with {@link
 * org.counterex.backend.mvstore.provider.MvstoreBackend}; {@code MvstoreComponent} registers it as a service according
 * to {@code MvstoreConfig}. Depends on the {@code journal} and {@code file} packages below it and on the backend API.
 */
package org.counterex.backend.mvstore.provider;
