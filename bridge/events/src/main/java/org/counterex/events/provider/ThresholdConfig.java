package org.counterex.events.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Configuration of a threshold, as metadata for tools. {@link ThresholdSettings} reads the values and rejects invalid
 * ones.
 */
@ObjectClassDefinition(
        name = "CounterEx threshold",
        description = "Posts an event to EventAdmin when a counter reaches a value")
public @interface ThresholdConfig {

    /** The factory PID. */
    String PID = "org.counterex.threshold";

    @AttributeDefinition(
            name = "Namespace",
            description = "Globs of the namespaces: * matches any characters, ? matches one, \\ quotes the next")
    String[] namespace();

    @AttributeDefinition(name = "Keys", description = "Globs of the keys of the counters in these namespaces")
    String[] keys() default "*";

    @AttributeDefinition(name = "Value", description = "A counter with this value or more is above the threshold")
    long value();
}
