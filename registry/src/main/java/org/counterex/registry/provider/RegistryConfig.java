package org.counterex.registry.provider;

import org.counterex.support.data.DataDirectory;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The configuration of the registry, as metatype for tools. {@link RegistryComponent} reads and validates the values.
 */
@ObjectClassDefinition(
        name = "CounterEx registry",
        description = "Places every namespace in a backend, and moves it when its target changes")
public @interface RegistryConfig {

    @AttributeDefinition(
            name = "Call timeout",
            description = "How long a call or a move waits for a backend without tables, in ms; 1 or more")
    long callTimeoutMs() default 5_000;

    @AttributeDefinition(
            name = "Parking limit",
            description = "How long a namespace without a backend accepts calls, in ms; 0 for no limit. Later calls are"
                    + " rejected; the counters are kept")
    long parkingLimitMs() default 0;

    @AttributeDefinition(
            name = "Directory",
            description = "Folder for the counters while the registry is stopped; by default the value of the framework"
                    + " property " + DataDirectory.PROPERTY,
            type = AttributeType.STRING,
            required = false)
    String directory();
}
