/** Administration: what is stored where and why, and moving it. Read {@link org.counterex.api.admin.BackendRegistry}. */
@Export
@Version("1.0.0")
@NullMarked
package org.counterex.api.admin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
