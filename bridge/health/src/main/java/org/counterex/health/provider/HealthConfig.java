package org.counterex.health.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What can be configured of the health checks, for tools; the values are read strictly. */
@ObjectClassDefinition(name = "CounterEx health", description = "Felix health checks with the tag counterex")
public @interface HealthConfig {

    String PID = "org.counterex.health";

    @AttributeDefinition(
            name = "Refused minutes",
            description =
                    "How long a refused move of a namespace is told, in minutes, if no move has followed; 1 to 525,600")
    long refusedMinutes() default 60;

    @AttributeDefinition(
            name = "Capacity percent",
            description = "From more than how much of the capacity of a backend it is told, in percent; 0 to 100")
    int capacityPercent() default 90;
}
