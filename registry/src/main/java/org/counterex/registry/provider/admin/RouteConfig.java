package org.counterex.registry.provider.admin;

import org.counterex.api.admin.BackendRegistry;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of a route, as metatype for tools. {@link RouteConfigurations} reads and validates the values. */
@ObjectClassDefinition(
        name = "CounterEx route",
        description = "Places matching namespaces in a backend",
        factoryPid = BackendRegistry.ROUTE_PID)
public @interface RouteConfig {

    @AttributeDefinition(
            name = "Namespaces",
            description = "Globs of the namespaces: * matches any characters, ? matches one, \\ quotes the next")
    String[] namespaces();

    @AttributeDefinition(
            name = "Target",
            description = "Filter on the service properties of backends, for example (counterex.backend=atomics)")
    String target();

    @AttributeDefinition(name = "Ranking", description = "Routes with a higher ranking take precedence")
    int ranking() default 0;
}
