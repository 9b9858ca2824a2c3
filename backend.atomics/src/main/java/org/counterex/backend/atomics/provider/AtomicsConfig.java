package org.counterex.backend.atomics.provider;

import org.counterex.support.config.BackendDescriptions;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of an {@link AtomicsBackend}, described for tools that show and edit it. */
@ObjectClassDefinition(
        name = "CounterEx backend: atomics",
        description = "A fixed number of exact counters in flat arrays")
public @interface AtomicsConfig {

    /** PID of the first instance, which exists even without a configuration. */
    String PID = "org.counterex.backend.atomics";

    @AttributeDefinition(name = "Name", description = BackendDescriptions.NAME, required = false)
    String name();

    @AttributeDefinition(name = "Namespaces", description = BackendDescriptions.NAMESPACES, required = false)
    String[] namespaces() default {};

    @AttributeDefinition(name = "Ranking", description = BackendDescriptions.RANKING)
    int ranking() default 0;

    @AttributeDefinition(
            name = "Capacity",
            description = "Number of counters that each namespace can hold",
            min = "1",
            max = "" + AtomicsBackend.MAX_CAPACITY)
    long capacity() default AtomicsBackend.DEFAULT_CAPACITY;

    @AttributeDefinition(name = "Signed", description = "Whether values may be negative; otherwise they are rejected")
    boolean signed() default true;
}
