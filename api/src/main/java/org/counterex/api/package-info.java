/**
 * Callers' API: named 64-bit counters in namespaces. Read {@link org.counterex.api.Counters} first.
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
 * <p>This package does not determine where the counters of a namespace are stored: backend bundles do at run time, and
 * a namespace is moved from one backend to another while callers keep counting. It depends on no other package of this
 * project.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.counterex.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
