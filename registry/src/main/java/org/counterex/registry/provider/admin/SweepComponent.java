package org.counterex.registry.provider.admin;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.api.Counters;
import org.counterex.api.Glob;
import org.counterex.api.SweepListener;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.support.config.Settings;
import org.counterex.support.log.ServiceLog;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Periodic sweep: drains the namespaces that match its globs, passes the values to every {@link SweepListener}, and
 * logs their sum, so that no count disappears without a trace. An addition is part of exactly one sweep, or still in
 * its counter.
 */
@Component(
        immediate = true,
        service = {},
        configurationPid = BackendRegistry.SWEEP_PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SweepConfig.class, factory = true)
public final class SweepComponent {

    private static final long STOP_TIMEOUT_MS = 10_000;

    private final Counters counters;
    private final AdminEventDispatcher events;
    private final ServiceLog log;
    private final List<Glob> globs;
    private final long intervalMs;
    private final List<SweepListener> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "counterex-sweep");
        thread.setDaemon(true);
        return thread;
    });

    /** @throws IllegalArgumentException the configuration is invalid */
    @Activate
    public SweepComponent(
            Map<String, Object> properties,
            @Reference Counters counters,
            @Reference AdminEventDispatcher events,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    LoggerFactory logService) {
        this.counters = counters;
        this.events = events;
        log = new ServiceLog(BackendRegistry.PID, () -> logService);
        Settings settings = new Settings(properties);
        globs = settings.globs("namespaces");
        intervalMs = settings.number("intervalMs", 0, 1, Long.MAX_VALUE / 1_000_000);
    }

    /** Schedules the sweeps. Not done in the constructor: only now are the existing listeners bound. */
    @Activate
    public void start() {
        clock.scheduleWithFixedDelay(this::sweep, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
    }

    @Deactivate
    public void stop() {
        clock.shutdown(); // a sweep in progress still passes on what it has drained
        try {
            if (!clock.awaitTermination(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                log.error("timed out waiting for a sweep listener to return: timeoutMs=" + STOP_TIMEOUT_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void bind(SweepListener listener) {
        listeners.add(listener);
    }

    void unbind(SweepListener listener) {
        listeners.remove(listener);
    }

    private void sweep() {
        try {
            for (String namespace : counters.namespaces()) {
                if (globs.stream().anyMatch(glob -> glob.matches(namespace))) {
                    sweep(namespace);
                }
            }
        } catch (CounterException e) {
            log.warn("sweep failed: " + e.getMessage());
        }
    }

    private void sweep(String namespace) {
        Map<String, Long> drained;
        try {
            drained = counters.namespace(namespace).drain();
        } catch (CounterException e) {
            log.warn("namespace not swept: namespace=" + CounterNames.printable(namespace) + " reason="
                    + e.getMessage());
            return;
        }
        if (drained.isEmpty()) {
            return;
        }
        BigInteger sum = drained.values().stream().map(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
        log.info("namespace " + CounterNames.printable(namespace) + " swept: counters=" + drained.size() + " sum="
                + sum);
        events.swept(namespace, drained.size(), sum.toString());
        Map<String, Long> values = Collections.unmodifiableMap(drained);
        for (SweepListener listener : listeners) {
            try {
                listener.swept(namespace, values);
            } catch (RuntimeException | LinkageError e) {
                log.error(
                        "sweep listener threw an exception: listener="
                                + listener.getClass().getName() + " namespace=" + CounterNames.printable(namespace),
                        e);
            }
        }
    }
}
