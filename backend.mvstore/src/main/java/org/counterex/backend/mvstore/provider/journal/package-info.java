/**
 * Write-behind from tables in memory to the counter file. Start with {@link
 * org.counterex.backend.mvstore.provider.journal.Journal}, which owns the writing thread; its {@code StoredTable}s
 * record which counters have changed. Depends on the {@code file} package, the embedded hash table and the table API.
 */
package org.counterex.backend.mvstore.provider.journal;
