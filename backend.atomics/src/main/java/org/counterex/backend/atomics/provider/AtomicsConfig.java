package org.counterex.backend.atomics.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of an {@link AtomicsBackend}, for tools that show and edit them. */
@ObjectClassDefinition(
        name = "CounterEx backend: atomics",
        description = "A fixed number of counters in flat arrays, each exact")
public @interface AtomicsConfig {

    /** The configuration of the instance that is always there. */
    String PID = "org.counterex.backend.atomics";

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
            max = "" + AtomicsBackend.MOST)
    long capacity() default AtomicsBackend.CAPACITY;

    @AttributeDefinition(name = "Signed", description = "Whether values below 0 are held; otherwise they are refused")
    boolean signed() default true;
}
