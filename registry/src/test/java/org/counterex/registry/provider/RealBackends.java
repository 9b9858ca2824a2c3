package org.counterex.registry.provider;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.BiFunction;
import org.counterex.api.backend.CounterBackend;
import org.counterex.backend.atomics.provider.AtomicsComponent;
import org.counterex.backend.counters.provider.CountersComponent;
import org.counterex.backend.ets.provider.EtsComponent;
import org.osgi.framework.BundleContext;

/** The in-memory backends of this project, as registered by their components. */
final class RealBackends {

    private RealBackends() {}

    static CounterBackend ets() {
        return registered(EtsComponent::new, Map.of());
    }

    static CounterBackend atomics(int capacity, boolean signed) {
        return registered(AtomicsComponent::new, Map.of("capacity", capacity, "signed", signed));
    }

    static CounterBackend counters(int capacity) {
        return registered(CountersComponent::new, Map.of("capacity", capacity));
    }

    private static CounterBackend registered(
            BiFunction<BundleContext, Map<String, ?>, Object> component, Map<String, ?> properties) {
        CounterBackend[] service = new CounterBackend[1];
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> {
                    service[0] = (CounterBackend) arguments[1];
                    return null;
                });
        component.apply(context, properties);
        return service[0];
    }
}
