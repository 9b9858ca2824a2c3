/**
 * What a backend implements. Read {@link org.counterex.api.backend.CounterBackend} first; it is all that a backend needs.
 *
 * <p>{@link org.counterex.api.backend.TableBackend} is the extension for backends that keep their counters in memory:
 * they hand out <em>tables</em> of sealable <em>cells</em>, on which callers count without meeting any gate or lock. {@link
 * org.counterex.api.backend.WriteBufferingBackend} is the one for backends that send additions elsewhere later: callers add to
 * the cells in which these are gathered.
 *
 * <p><b>Cells.</b> A cell is one number that can be <em>sealed</em>: one atomic step takes the final value and leaves a
 * mark behind. Whoever meets the mark knows that the counter has gone elsewhere; nobody has to look before he adds. Every
 * way in which a counter can leave its place (delete, drain, a change of its kind of cell, a move to another table) is
 * the same step: seal, take the final value, continue at the successor.
 *
 * <p><b>Key lock.</b> Whoever owns a namespace (the registry, or a table backend for calls made to it directly) has one
 * lock for each key, in stripes. Cells are sealed, inserted, replaced and removed by its holder alone. Nobody else ever
 * waits.
 */
@Export
@Version("1.0.0")
package org.counterex.api.backend;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
