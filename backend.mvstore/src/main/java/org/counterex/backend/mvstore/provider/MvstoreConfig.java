package org.counterex.backend.mvstore.provider;

import org.counterex.support.config.BackendDescriptions;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Configuration of a {@link MvstoreBackend}, described for tools that show and edit it. */
@ObjectClassDefinition(
        name = "CounterEx backend: mvstore",
        description = "Any number of exact counters that are kept in a file")
public @interface MvstoreConfig {

    /** PID of the first instance, which exists even without a configuration. */
    String PID = "org.counterex.backend.mvstore";

    /** Calls do not wait for the disk; a crash may lose the additions since the last flush. */
    String INTERVAL = "interval";

    /** A call returns when its change is on disk. */
    String COMMIT = "commit";

    @AttributeDefinition(name = "Name", description = BackendDescriptions.NAME, required = false)
    String name();

    @AttributeDefinition(name = "Namespaces", description = BackendDescriptions.NAMESPACES, required = false)
    String[] namespaces() default {};

    @AttributeDefinition(name = "Ranking", description = BackendDescriptions.RANKING)
    int ranking() default 0;

    @AttributeDefinition(
            name = "File",
            description =
                    "File of the counters; by default the name of this instance with the suffix .mv, in the data folder",
            required = false)
    String file();

    @AttributeDefinition(
            name = "Flush interval",
            description = "Interval between writes of changed counters, in milliseconds",
            min = "1",
            max = "3600000")
    long flushIntervalMs() default 100;

    @AttributeDefinition(
            name = "Durability",
            description = "interval: calls do not wait, a crash loses at most one interval and one flush;"
                    + " commit: a call returns when its change is on disk",
            options = {@Option(INTERVAL), @Option(COMMIT)})
    String durability() default INTERVAL;
}
