/**
 * Component property types for Declarative Services: annotations that set the service properties of backends and
 * listeners. Read {@link org.counterex.api.propertytypes.BackendType} first.
 *
 * <p>They take effect when the bundle is built, in the component description, and are not needed at run time: a bundle
 * that uses them does not import this package. It depends on nothing but the annotations of Declarative Services.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.counterex.api.propertytypes;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
