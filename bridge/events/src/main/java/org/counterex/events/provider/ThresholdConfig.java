package org.counterex.events.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What can be configured of a threshold, for tools; the values are read strictly by {@link ThresholdSettings}. */
@ObjectClassDefinition(
        name = "CounterEx threshold",
        description = "Posts an event to EventAdmin when a counter comes to a value")
public @interface ThresholdConfig {

    /** The factory PID. */
    String PID = "org.counterex.threshold";

    @AttributeDefinition(
            name = "Namespace",
            description = "Globs of the namespaces: * is any run of characters, ? one, \\ quotes the next")
    String[] namespace();

    @AttributeDefinition(name = "Keys", description = "Globs of the counters in them")
    String[] keys() default "*";

    @AttributeDefinition(name = "Value", description = "A counter with this value or more is above the threshold")
    long value();
}
