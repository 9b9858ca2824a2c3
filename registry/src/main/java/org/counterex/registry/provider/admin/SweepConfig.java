package org.counterex.registry.provider.admin;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The configuration of a periodic sweep, as metatype for tools. {@link SweepComponent} reads and validates the values.
 */
@ObjectClassDefinition(
        name = "CounterEx sweep",
        description = "Drains namespaces periodically and passes their counters to the sweep listeners")
public @interface SweepConfig {

    @AttributeDefinition(
            name = "Namespaces",
            description = "Globs of the namespaces: * matches any characters, ? matches one, \\ quotes the next")
    String[] namespaces();

    @AttributeDefinition(name = "Interval", description = "Time between two sweeps in ms; 1 or more")
    long intervalMs();
}
