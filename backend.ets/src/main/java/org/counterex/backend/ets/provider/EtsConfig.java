package org.counterex.backend.ets.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of an {@link EtsBackend}, for tools that show and edit them. */
@ObjectClassDefinition(name = "CounterEx backend: ets", description = "Any number of counters, each exact")
public @interface EtsConfig {

    /** The configuration of the instance that is always there. */
    String PID = "org.counterex.backend.ets";

    @AttributeDefinition(
            name = "Name",
            description =
                    "Tells this instance from others of its type; by default the name of its factory configuration",
            required = false)
    String name();

    @AttributeDefinition(
            name = "Namespaces",
            description = "Globs of the namespaces that this backend claims: * any run of characters, ? one, \\ quotes",
            required = false)
    String[] namespaces() default {};

    @AttributeDefinition(name = "Ranking", description = "Decides among backends that match equally; the highest wins")
    int ranking() default 0;
}
