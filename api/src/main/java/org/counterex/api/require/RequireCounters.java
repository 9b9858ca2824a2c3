package org.counterex.api.require;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Requirement;

/**
 * Requirement of a bundle that provides {@link org.counterex.api.Counters}, in the manifest of the annotated bundle.
 *
 * <p>A resolver that composes a system then adds the registry, and a framework without it does not resolve the bundle.
 * Without this annotation a bundle resolves with the API alone and waits for the service.
 *
 * <p>A refresh of the registry bundle also refreshes the bundles that require it. Do not use it in a bundle that has to
 * keep running while the registry is exchanged.
 */
@Requirement(namespace = RequireCounters.NAMESPACE, name = RequireCounters.NAME, version = RequireCounters.VERSION)
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.PACKAGE})
public @interface RequireCounters {

    /** The namespace of the capability, that of implementations of a specification. */
    String NAMESPACE = "osgi.implementation";

    /** The name of the capability. */
    String NAME = "counterex";

    /** The version of the capability. */
    String VERSION = "1.0.0";
}
