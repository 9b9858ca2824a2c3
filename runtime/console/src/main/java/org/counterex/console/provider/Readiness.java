package org.counterex.console.provider;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Check that waits until commands can run. Most of the order follows from the start levels: files in {@code
 * conf/} become configurations before their bundles start, bundles in {@code load/} start before the registry, the
 * registry before the commands, and each level completes before the next. This class covers the configurations that
 * ConfigurationAdmin delivers asynchronously, and a registry that fails to start.
 */
final class Readiness {

    private static final String REGISTRY = "org.counterex.registry";
    private static final String COUNTERS = "org.counterex.api.Counters";
    private static final String OWN_PID = "org.counterex.console";
    private static final Pattern THROWN = Pattern.compile("^(Caused by: )?[\\w.$]+(: |$)");
    private static final long POLL_MS = 50;

    private final BundleContext context;
    private final long timeoutMs;

    Readiness(BundleContext context, long timeoutMs) {
        this.context = context;
        this.timeoutMs = timeoutMs;
    }

    /**
     * Waits up to the timeout.
     *
     * @return the reason why counters are not available; empty if they are
     */
    Optional<String> await() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        awaitConfigurations();
        ServiceTracker<Object, Object> counters = new ServiceTracker<>(context, COUNTERS, null);
        counters.open(true);
        try {
            while (counters.waitForService(POLL_MS) == null) {
                Optional<String> failure = failure();
                if (failure.isPresent()) {
                    return failure;
                }
                if (System.nanoTime() - deadline > 0) {
                    return Optional.of("the registry has not started: timeoutMs=" + timeoutMs);
                }
            }
            return Optional.empty();
        } finally {
            counters.close();
        }
    }

    /** Waits for pending configuration updates: they are delivered in order, so one requested now is delivered last. */
    private void awaitConfigurations() throws InterruptedException {
        CountDownLatch delivered = new CountDownLatch(1);
        ServiceRegistration<ManagedService> last = context.registerService(
                ManagedService.class,
                properties -> delivered.countDown(),
                FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_PID, OWN_PID)));
        delivered.await(timeoutMs, TimeUnit.MILLISECONDS);
        last.unregister();
    }

    private Optional<String> failure() {
        Optional<Bundle> registry = Stream.of(context.getBundles())
                .filter(bundle -> REGISTRY.equals(bundle.getSymbolicName()))
                .findFirst();
        if (registry.isEmpty() || registry.get().getState() != Bundle.ACTIVE) {
            return Optional.of("the bundle of the registry is not started, see log/counterex.log");
        }
        ServiceReference<ServiceComponentRuntime> reference =
                context.getServiceReference(ServiceComponentRuntime.class);
        ServiceComponentRuntime components = context.getService(reference);
        try {
            return components.getComponentDescriptionDTOs(registry.get()).stream()
                    .flatMap(description -> components.getComponentConfigurationDTOs(description).stream())
                    .filter(component -> component.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
                    .map(component -> "the registry has not started: " + message(component.failure))
                    .findFirst();
        } finally {
            context.ungetService(reference);
        }
    }

    /** Returns the message of the outermost exception that has one. */
    private static String message(String stack) {
        return stack.lines()
                .filter(line -> !line.startsWith("\t"))
                .map(line -> THROWN.matcher(line).replaceFirst(""))
                .filter(message -> !message.isEmpty())
                .findFirst()
                .orElse("see log/counterex.log");
    }
}
