/**
 * Requirement of an installed counter registry. Read {@link org.counterex.api.require.RequireCounters}, its only type.
 *
 * <p>It takes effect when the bundle is built and is not needed at run time: a bundle that uses it does not import this
 * package. It depends on nothing but the bundle annotations of OSGi.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.counterex.api.require;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
