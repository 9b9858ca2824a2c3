package org.counterex.health.provider;

import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.support.config.Settings;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Registers the health checks, all with the tag {@value #TAG}; they are there, and not well, while the registry is not. Each
 * looks when it is asked, in the thread that asks.
 */
@Component(
        immediate = true,
        service = {},
        configurationPid = HealthConfig.PID)
@Designate(ocd = HealthConfig.class)
public final class HealthChecks {

    /** The tag of all checks. */
    static final String TAG = "counterex";

    private static final long ONE_YEAR_MINUTES = 525_600;

    private final List<ServiceRegistration<?>> registrations;

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

    /** @throws IllegalArgumentException the configuration makes no sense */
    @Activate
    public HealthChecks(BundleContext context, Map<String, Object> properties) {
        Settings settings = new Settings(properties);
        long minutes = settings.number("refusedMinutes", 60, 1, ONE_YEAR_MINUTES);
        int percent = (int) settings.number("capacityPercent", 90, 0, 100);
        registrations = List.of(
                register(context, "no backend", (found, there) -> Checks.noBackend(there.namespaces())),
                register(
                        context,
                        "move refused",
                        (found, there) -> Checks.refusedMoves(there, System.currentTimeMillis(), minutes)),
                register(context, "capacity", (found, there) -> Checks.capacity(there.backends(), percent)),
                register(
                        context,
                        "backend unavailable",
                        (found, there) -> Checks.unavailable(there.namespaces(), there.backends(), found::namespace)));
    }

    private ServiceRegistration<?> register(
            BundleContext context, String name, BiFunction<Counters, BackendRegistry, Result> check) {
        HealthCheck service = () -> {
            Counters found = counters;
            BackendRegistry there = registry;
            return found == null || there == null
                    ? new Result(Result.Status.CRITICAL, "the registry is not running: nothing can be counted")
                    : check.apply(found, there);
        };
        return context.registerService(
                HealthCheck.class,
                service,
                new Hashtable<>(Map.of(
                        HealthCheck.NAME, "CounterEx: " + name,
                        HealthCheck.TAGS, new String[] {TAG},
                        HealthCheck.MBEAN_NAME, "counterex " + name)));
    }

    @Deactivate
    void stop() {
        registrations.forEach(ServiceRegistration::unregister);
    }
}
