/**
 * The file that keeps counters while no registry runs. Start with {@link
 * org.counterex.registry.provider.snapshot.SnapshotFile}, which is written as a whole or not at all. This package
 * depends on no other package of the registry.
 */
package org.counterex.registry.provider.snapshot;
