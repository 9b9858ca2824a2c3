package org.counterex.health.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Configuration of the health checks, as metadata for tools. The component reads the values itself and rejects invalid
 * ones.
 */
@ObjectClassDefinition(name = "CounterEx health", description = "Felix health checks with the tag counterex")
public @interface HealthConfig {

    String PID = "org.counterex.health";

    @AttributeDefinition(
            name = "Refused minutes",
            description =
                    "How long a refused move of a namespace is reported, in minutes, unless another move follows; 1 to 525,600")
    long refusedMinutes() default 60;

    @AttributeDefinition(
            name = "Capacity percent",
            description = "Used capacity of a backend, in percent, above which a namespace is reported; 0 to 100")
    int capacityPercent() default 90;
}
