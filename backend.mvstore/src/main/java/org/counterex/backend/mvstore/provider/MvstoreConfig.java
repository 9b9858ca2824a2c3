package org.counterex.backend.mvstore.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of a {@link MvstoreBackend}, for tools that show and edit them. */
@ObjectClassDefinition(
        name = "CounterEx backend: mvstore",
        description = "Any number of counters, each exact, that are kept in a file")
public @interface MvstoreConfig {

    /** The configuration of the instance that is always there. */
    String PID = "org.counterex.backend.mvstore";

    /** Calls are as fast as in memory, and a crash may lose what was counted since the last flush. */
    String INTERVAL = "interval";

    /** A call returns when what it did is on disk. */
    String COMMIT = "commit";

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
            name = "File",
            description =
                    "Where the counters are kept; by default the name of this instance and .mv in the data folder",
            required = false)
    String file();

    @AttributeDefinition(
            name = "Flush interval",
            description = "How often what has changed is written, in milliseconds",
            min = "1",
            max = "3600000")
    long flushIntervalMs() default 100;

    @AttributeDefinition(
            name = "Durability",
            description = "interval: calls do not wait, a crash loses one interval and one flush at the most;"
                    + " commit: a call returns when what it did is on disk",
            options = {@Option(INTERVAL), @Option(COMMIT)})
    String durability() default INTERVAL;
}
