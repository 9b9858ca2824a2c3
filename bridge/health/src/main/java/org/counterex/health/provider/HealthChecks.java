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
 * Component that registers the health checks, all with the tag {@value #TAG}. They stay registered, and are critical,
 * while the registry is absent. Each check reads the registry when it is executed, in the thread of its caller.
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

    /** @throws IllegalArgumentException if the configuration is invalid */
    @Activate
    public HealthChecks(BundleContext context, Map<String, Object> properties) {
        Settings settings = new Settings(properties);
        long minutes = settings.number("refusedMinutes", 60, 1, ONE_YEAR_MINUTES);
        int percent = (int) settings.number("capacityPercent", 90, 0, 100);
        registrations = List.of(
                register(context, "no backend", (service, admin) -> Checks.noBackend(admin.namespaces())),
                register(
                        context,
                        "move refused",
                        (service, admin) -> Checks.refusedMoves(admin, System.currentTimeMillis(), minutes)),
                register(context, "capacity", (service, admin) -> Checks.capacity(admin.backends(), percent)),
                register(
                        context,
                        "backend unavailable",
                        (service, admin) ->
                                Checks.unavailable(admin.namespaces(), admin.backends(), service::namespace)));
    }

    private ServiceRegistration<?> register(
            BundleContext context, String name, BiFunction<Counters, BackendRegistry, Result> check) {
        HealthCheck healthCheck = () -> {
            Counters service = counters;
            BackendRegistry admin = registry;
            return service == null || admin == null
                    ? new Result(Result.Status.CRITICAL, "the registry is not running: counters cannot be used")
                    : check.apply(service, admin);
        };
        return context.registerService(
                HealthCheck.class,
                healthCheck,
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
