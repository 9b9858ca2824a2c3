package org.counterex.backend.ets.provider;

import org.counterex.support.config.BackendDescriptions;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of an {@link EtsBackend}, described for tools that show and edit it. */
@ObjectClassDefinition(name = "CounterEx backend: ets", description = "Any number of exact counters")
public @interface EtsConfig {

    /** PID of the first instance, which exists even without a configuration. */
    String PID = "org.counterex.backend.ets";

    @AttributeDefinition(name = "Name", description = BackendDescriptions.NAME, required = false)
    String name();

    @AttributeDefinition(name = "Namespaces", description = BackendDescriptions.NAMESPACES, required = false)
    String[] namespaces() default {};

    @AttributeDefinition(name = "Ranking", description = BackendDescriptions.RANKING)
    int ranking() default 0;
}
