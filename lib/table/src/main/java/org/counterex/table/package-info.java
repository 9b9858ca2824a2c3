/**
 * Tables of cells that hold the counters of a namespace in memory; bundles embed them. Start with
 * {@link org.counterex.table.HashTable}, a growing table that callers search themselves, then
 * {@link org.counterex.table.MapTable}. The package depends on {@code org.counterex.api.backend.table} only.
 */
package org.counterex.table;
