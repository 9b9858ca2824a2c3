package org.counterex.api.propertytypes;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.counterex.api.backend.CounterBackend;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Component property type for the service properties of a {@link CounterBackend}.
 *
 * <pre>{@code
 * @Component(immediate = true)
 * @BackendType(backend = "map", namespaces = "http*")
 * public class MapBackend implements CounterBackend { ... }
 * }</pre>
 *
 * <p>A configuration of the component may override each of them. There is no element for {@link CounterBackend#NAME},
 * as it differs between the instances of one component: set it in their configurations.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface BackendType {

    /** Prefix of the names of these properties. */
    String PREFIX_ = "counterex.";

    /** Returns the type of the backend: {@link CounterBackend#TYPE}. */
    String backend();

    /** Returns globs of the namespaces that the backend claims: {@link CounterBackend#NAMESPACES}. */
    String[] namespaces() default {};

    /** Returns what becomes of the values when the backend leaves: {@link CounterBackend#RETENTION}. */
    String retention() default CounterBackend.RETENTION_NONE;
}
