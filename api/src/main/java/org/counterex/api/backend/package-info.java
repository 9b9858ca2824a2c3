/**
 * Contract of a backend. Read {@link org.counterex.api.backend.CounterBackend} first, which is all that a backend
 * has to implement, over any store; {@link org.counterex.api.backend.BackendInfo} is what it reports about itself.
 *
 * <p>A later minor version may add default methods to the one and properties to the other, so that a backend built
 * against an earlier one keeps working. Backends that hold counters in memory, or buffer additions, may implement the
 * faster contract of {@code org.counterex.api.backend.table}, which has a version of its own. This package depends on
 * {@code org.counterex.api}.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.counterex.api.backend;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
