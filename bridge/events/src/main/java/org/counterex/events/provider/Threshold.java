package org.counterex.events.provider;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.counterex.api.CounterListener;
import org.counterex.api.CounterNames;
import org.counterex.api.Counters;
import org.counterex.api.admin.RegistryListener;
import org.counterex.support.log.ServiceLog;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Component that posts an event when a counter reaches a value. The event has the properties {@code name} (of the
 * configuration), {@code namespace}, {@code key}, {@code threshold} and {@code value}.
 *
 * <p><b>Guarantees.</b> A counter is above the threshold if its value is the threshold or more. A counter that rises
 * above the threshold and stays there is reported within a second (later only if its backend does not respond), with
 * its value at that time. It is reported once, however often it changes, until a check finds it below again: with a
 * lower value, or absent. A counter that is already above when the component starts, which includes every change of the
 * configuration, is reported once as well.
 *
 * <p><b>Limits.</b> Changed counters are checked ten times a second. A counter that rises and falls between two checks
 * may not be reported; one that falls and rises again may not be reported a second time. Changes that other processes
 * make on a shared backend are noticed when the same counter changes in this process.
 */
@Component(
        immediate = true,
        service = {},
        configurationPid = ThresholdConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ThresholdConfig.class, factory = true)
public final class Threshold {

    private static final long CHECK_INTERVAL_MS = 100;
    private static final long STOP_TIMEOUT_MS = 10_000;

    private final BundleContext context;
    private final Counters counters;
    private final EventAdmin events;
    private final ServiceLog log;
    private final String name;

    /** Null if the configuration is invalid; the component then does nothing. */
    private final ThresholdSettings settings;

    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "counterex-threshold");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public Threshold(
            BundleContext context,
            Map<String, Object> properties,
            @Reference Counters counters,
            @Reference EventAdmin events,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    LoggerFactory logService) {
        this.context = context;
        this.counters = counters;
        this.events = events;
        log = new ServiceLog("org.counterex.events", () -> logService);
        String pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        name = pid.startsWith(ThresholdConfig.PID) && pid.length() > ThresholdConfig.PID.length()
                ? pid.substring(ThresholdConfig.PID.length() + 1)
                : pid;
        settings = settings(properties);
    }

    private ThresholdSettings settings(Map<String, Object> properties) {
        try {
            return ThresholdSettings.of(properties);
        } catch (IllegalArgumentException e) {
            log.error("threshold " + name + " is inactive: " + e.getMessage());
            return null;
        }
    }

    @Activate
    void start() {
        if (settings == null) {
            return;
        }
        ThresholdWatcher watcher = new ThresholdWatcher(settings, counters, this::crossed);
        Dictionary<String, Object> filter = new Hashtable<>();
        filter.put(CounterListener.NAMESPACES, settings.namespaceTexts());
        registrations.add(context.registerService(CounterListener.class, watcher, filter));
        registrations.add(context.registerService(RegistryListener.class, watcher, new Hashtable<>()));
        // After the registration of the listener: every change after the first check must be recorded.
        scheduler.scheduleWithFixedDelay(() -> check(watcher), 0, CHECK_INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    private void check(ThresholdWatcher watcher) {
        try {
            watcher.check();
        } catch (RuntimeException e) {
            log.error("threshold " + name + " not checked", e);
        }
    }

    private void crossed(String namespace, String key, long value) {
        log.info("threshold " + name + " crossed: namespace=" + CounterNames.printable(namespace) + " key="
                + CounterNames.printable(key) + " value=" + value + " threshold=" + settings.value());
        events.postEvent(Topics.event(
                Topics.THRESHOLD_CROSSED,
                Map.of(
                        "name", name,
                        "namespace", namespace,
                        "key", key,
                        "threshold", settings.value(),
                        "value", value)));
    }

    @Deactivate
    void stop() {
        registrations.forEach(ServiceRegistration::unregister);
        scheduler.shutdown(); // does not interrupt a check that is inside a backend
        try {
            if (!scheduler.awaitTermination(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                log.warn("timed out waiting for a check in a backend that does not respond: threshold=" + name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
