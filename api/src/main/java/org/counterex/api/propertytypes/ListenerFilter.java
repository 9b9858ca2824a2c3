package org.counterex.api.propertytypes;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.counterex.api.CounterListener;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Component property type for the filter of a {@link CounterListener}.
 *
 * <pre>{@code
 * @Component
 * @ListenerFilter(namespaces = "http*", operations = {"inc", "add"})
 * public class RequestLog implements CounterListener { ... }
 * }</pre>
 *
 * <p>A configuration of the component may override each of them.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ListenerFilter {

    /** Prefix of the names of these properties. */
    String PREFIX_ = "counterex.listener.";

    /** Returns globs of the namespaces to listen to, all if empty: {@link CounterListener#NAMESPACES}. */
    String[] namespaces() default {};

    /**
     * Returns the operations to listen to, all if empty: {@link CounterListener#OPERATIONS}. Each is the
     * {@linkplain org.counterex.api.CounterEvent.Operation#text text} of an operation.
     */
    String[] operations() default {};
}
