package org.counterex.shell.provider;

import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.shell.provider.command.CommandException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Dynamic access to the services of the registry: without them, commands stay available and report that the registry is
 * missing.
 */
@Component(service = RegistryAccess.class)
public final class RegistryAccess {

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Counters counters;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile BackendRegistry registry;

    @Activate
    public RegistryAccess() {}

    RegistryAccess(Counters counters, BackendRegistry registry) {
        this.counters = counters;
        this.registry = registry;
    }

    /** @throws CommandException the service is not registered */
    Counters counters() {
        return present(counters);
    }

    /** @throws CommandException the service is not registered */
    BackendRegistry registry() {
        return present(registry);
    }

    private static <T> T present(T service) {
        if (service == null) {
            throw new CommandException("the registry is not running");
        }
        return service;
    }
}
