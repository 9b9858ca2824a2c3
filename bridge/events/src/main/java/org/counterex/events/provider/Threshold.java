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
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Posts an event when a counter comes to a value. The event has the properties {@code name} (of the configuration),
 * {@code namespace}, {@code key}, {@code threshold} and {@code value}.
 *
 * <p><b>What is promised.</b> A counter is above the threshold if it has its value or more. A counter that comes to be above and
 * stays there is told within a second (later only if its backend does not answer), with the value that it has then. It is told
 * once, however often it is counted on, until it has been seen below again: with less, or absent. A counter that is above
 * already when this begins, which is so after every change of the configuration too, is told once as well.
 *
 * <p><b>What is not.</b> Counters are looked at ten times a second, those that have changed. One that goes up and down again
 * between two looks may not be seen above; one that goes down and up again may not be seen below, and is not told a second time
 * then. What others count on a shared backend is seen when somebody counts on the same counter here.
 */
@Component(
        immediate = true,
        service = {},
        configurationPid = ThresholdConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ThresholdConfig.class, factory = true)
public final class Threshold {

    private static final long LOOK_MS = 100;
    private static final long LAST_LOOK_MS = 10_000;

    private final BundleContext context;
    private final Counters counters;
    private final EventAdmin events;
    private final Logger log;
    private final String name;

    /** Null if the configuration makes no sense: then nothing is watched. */
    private final ThresholdSettings settings;

    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, task -> {
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
        log = logService == null ? null : logService.getLogger("org.counterex.events");
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
            if (log != null) {
                log.error("{}", "threshold " + name + " is refused and watches nothing: " + e.getMessage());
            }
            return null;
        }
    }

    @Activate
    void start() {
        if (settings == null) {
            return;
        }
        ThresholdWatcher watch = new ThresholdWatcher(settings, counters, this::crossed);
        Dictionary<String, Object> filter = new Hashtable<>();
        filter.put(CounterListener.NAMESPACES, settings.namespaceTexts());
        registrations.add(context.registerService(CounterListener.class, watch, filter));
        registrations.add(context.registerService(RegistryListener.class, watch, new Hashtable<>()));
        // Not before somebody listens: what changes after the first look has to be noted.
        clock.scheduleWithFixedDelay(() -> look(watch), 0, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    private void look(ThresholdWatcher watch) {
        try {
            watch.look();
        } catch (RuntimeException e) {
            if (log != null) {
                log.error("{}", "threshold " + name + " could not be looked after", e);
            }
        }
    }

    private void crossed(String namespace, String key, long value) {
        if (log != null) {
            log.info(
                    "{}",
                    "threshold " + name + " is crossed: namespace=" + CounterNames.printable(namespace) + " key="
                            + CounterNames.printable(key) + " value=" + value + " threshold=" + settings.value());
        }
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
        clock.shutdown(); // a look under way is not interrupted inside a backend
        try {
            if (!clock.awaitTermination(LAST_LOOK_MS, TimeUnit.MILLISECONDS) && log != null) {
                log.warn("{}", "threshold " + name + " is still being looked after by a backend that does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
