package org.counterex.backend.counters.provider;

import org.counterex.support.config.BackendDescriptions;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of a {@link CountersBackend}, described for tools that show and edit it. */
@ObjectClassDefinition(
        name = "CounterEx backend: counters",
        description = "A fixed number of counters for many concurrent writers")
public @interface CountersConfig {

    /** PID of the first instance, which exists even without a configuration. */
    String PID = "org.counterex.backend.counters";

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
            max = "" + CountersBackend.MAX_CAPACITY)
    long capacity() default CountersBackend.DEFAULT_CAPACITY;

    @AttributeDefinition(
            name = "Write concurrency",
            description =
                    "Whether a counter is spread over stripes when threads contend for it: additions are faster, reads slower")
    boolean writeConcurrency() default true;
}
