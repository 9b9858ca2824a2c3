package org.counterex.registry.provider.admin;

import org.counterex.api.admin.BackendRegistry;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What can be configured of a route, for tools; the values are read strictly by {@link RouteConfigurations}. */
@ObjectClassDefinition(
        name = "CounterEx route",
        description = "Sends namespaces to a backend",
        factoryPid = BackendRegistry.ROUTE_PID)
public @interface RouteConfig {

    @AttributeDefinition(
            name = "Namespaces",
            description = "Globs of the namespaces: * is any run of characters, ? one, \\ quotes the next")
    String[] namespaces();

    @AttributeDefinition(
            name = "Target",
            description = "Filter on service properties of backends, for instance (counterex.backend=atomics)")
    String target();

    @AttributeDefinition(name = "Ranking", description = "Routes with a higher ranking are asked first")
    int ranking() default 0;
}
