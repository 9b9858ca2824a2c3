package org.counterex.backend.counters.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of a {@link CountersBackend}, for tools that show and edit them. */
@ObjectClassDefinition(
        name = "CounterEx backend: counters",
        description = "A fixed number of counters for many concurrent writers")
public @interface CountersConfig {

    /** The configuration of the instance that is always there. */
    String PID = "org.counterex.backend.counters";

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

    @AttributeDefinition(
            name = "Capacity",
            description = "Counters that each namespace can hold",
            min = "1",
            max = "" + CountersBackend.MOST)
    long capacity() default CountersBackend.CAPACITY;

    @AttributeDefinition(
            name = "Write concurrency",
            description =
                    "Whether a counter spreads over stripes when many threads add to it: faster to add, slower to read")
    boolean writeConcurrency() default true;
}
