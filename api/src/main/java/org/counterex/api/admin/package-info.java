/**
 * Administration of the registry: where namespaces are placed and why, routes, and moves. Start with {@link
 * org.counterex.api.admin.BackendRegistry}; results are DTOs. This package depends on the callers' API only.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.counterex.api.admin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
