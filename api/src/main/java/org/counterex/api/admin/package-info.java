/**
 * Administration: which backend stores which namespace and why, and moves between them. Read {@link
 * org.counterex.api.admin.BackendRegistry} first; {@link org.counterex.api.admin.RegistryListener} receives what it records.
 *
 * <p>Depends on {@code org.counterex.api} for names, and on {@code org.counterex.api.backend} for the texts of retention.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.counterex.api.admin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
