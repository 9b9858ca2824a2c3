package org.counterex.registry.provider;

import org.counterex.support.data.DataDirectory;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What can be configured of the registry, for tools; the values are read strictly by the component. */
@ObjectClassDefinition(
        name = "CounterEx registry",
        description = "Gives every namespace its backend and moves it when that changes")
public @interface RegistryConfig {

    @AttributeDefinition(
            name = "Call timeout",
            description = "How long a call or a move waits for a backend without tables, in ms; 1 or more")
    long callTimeoutMs() default 5_000;

    @AttributeDefinition(
            name = "Parking limit",
            description =
                    "How long callers may count in a namespace without backend, in ms; 0 for ever. After that calls"
                            + " are refused; the counts are kept")
    long parkingLimitMs() default 0;

    @AttributeDefinition(
            name = "Directory",
            description = "Where counters are kept while the registry is stopped; the framework property "
                    + DataDirectory.PROPERTY + " if it is not given",
            type = AttributeType.STRING,
            required = false)
    String directory();
}
