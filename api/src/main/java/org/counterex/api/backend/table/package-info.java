/**
 * Tables and cells: the extension of the contract for backends that hold counters in memory. Read {@link
 * org.counterex.api.backend.table.TableBackend} first, then {@link org.counterex.api.backend.table.CellTable}. Depends
 * on {@code org.counterex.api.backend} and {@code org.counterex.api}.
 *
 * <p>A table backend provides <em>tables</em> of sealable <em>cells</em>, on which callers operate without a gate or a
 * lock. {@link org.counterex.api.backend.table.WriteBufferingBackend} is the extension for backends that send additions
 * to a server later: callers add to the cells in which the additions are buffered.
 *
 * <p><b>Cells.</b> A cell is a number that can be <em>sealed</em>: one atomic step returns the final value and leaves
 * the seal mark. A caller that finds the mark knows that the counter has left the cell, and therefore need not check
 * anything before it adds. Every way in which a counter leaves its cell (deletion, drain, replacement by another kind
 * of cell, move to another table) is this step: seal, obtain the final value, continue with the successor.
 *
 * <p><b>Key lock.</b> The owner of a namespace (the registry, or a table backend for direct calls) has striped key
 * locks. Only the holder of the lock of a key seals, inserts, replaces and removes its cell. No other operation ever
 * waits.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.counterex.api.backend.table;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
