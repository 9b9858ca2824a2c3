/**
 * The file format of the backend: consistent states of all counters in one MVStore file. Start with {@link
 * org.counterex.backend.mvstore.provider.file.CounterFile}, the only type that other packages use. Depends on MVStore
 * and the JDK only, and is confined to one thread at a time.
 */
package org.counterex.backend.mvstore.provider.file;
