package org.counterex.registry.provider.admin;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What can be configured of a periodic sweep, for tools; the values are read strictly by {@link SweepComponent}. */
@ObjectClassDefinition(
        name = "CounterEx sweep",
        description = "Empties namespaces periodically and hands out what was in them")
public @interface SweepConfig {

    @AttributeDefinition(
            name = "Namespaces",
            description = "Globs of the namespaces: * is any run of characters, ? one, \\ quotes the next")
    String[] namespaces();

    @AttributeDefinition(name = "Interval", description = "Time from sweep to sweep in ms; 1 or more")
    long intervalMs();
}
