/**
 * What callers see: named 64-bit counters in namespaces. Read {@link org.counterex.api.Counters} first.
 *
 * <pre>{@code
 * @Reference Counters counters;
 *
 * long visits = counters.namespace("http").inc("requests");    // by name
 *
 * Counter requests = counters.namespace("http").counter("requests");
 * requests.inc();                                              // by handle: as fast as a bare atomic
 * }</pre>
 *
 * <p>Where the counters of a namespace are stored is no concern of this package: bundles decide it at runtime, and a
 * namespace moves from one storage to another while callers go on counting.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.counterex.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
