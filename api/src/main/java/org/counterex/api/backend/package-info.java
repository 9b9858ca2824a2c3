/**
 * Contract of a backend. Read {@link org.counterex.api.backend.CounterBackend} first, which is all that a backend
 * has to implement, over any store; {@link org.counterex.api.backend.BackendInfo} is what it reports about itself.
 *
 * <p>Both are consumer types: new operations are added as default methods, so that a bundle built against an earlier minor
 * version goes on working. Backends that keep their counters in memory, or buffer additions, can extend the faster contract
 * of {@code org.counterex.api.backend.table}, which has a version of its own.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.counterex.api.backend;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
