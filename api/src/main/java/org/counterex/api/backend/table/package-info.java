/**
 * Tables and cells: the extension for backends whose counters are in memory. Read {@link
 * org.counterex.api.backend.table.TableBackend} first, then {@link org.counterex.api.backend.table.CellTable}.
 *
 * <p>A table backend hands out <em>tables</em> of sealable <em>cells</em>, on which callers count without passing any gate
 * or lock. {@link org.counterex.api.backend.table.WriteBufferingBackend} is the extension for backends that send additions
 * to a server later: callers add to the cells in which the additions are buffered.
 *
 * <p><b>Cells.</b> A cell is one number that can be <em>sealed</em>: one atomic step takes the final value and leaves the
 * seal mark behind. A caller that finds the mark knows that the counter has gone elsewhere, and so does not have to check
 * anything before it adds. Every way in which a counter can leave its cell (delete, drain, a change to another kind of cell,
 * a move to another table) is the same step: seal, take the final value, continue at the successor.
 *
 * <p><b>Key lock.</b> The owner of a namespace (the registry, or a table backend for direct calls) has striped key locks.
 * Only the holder of the lock of a key seals, inserts, replaces and removes its cell. No other operation ever waits.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.counterex.api.backend.table;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
