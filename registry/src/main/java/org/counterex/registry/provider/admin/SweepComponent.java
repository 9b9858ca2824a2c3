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
 * Empties namespaces periodically. What it takes is handed to every {@link SweepListener} and its sum is logged, so that
 * no count vanishes unseen. A counter is swept as it is drained: each addition is in one sweep, or still counted.
 */
@Component(
        immediate = true,
        service = {},
        configurationPid = BackendRegistry.SWEEP_PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SweepConfig.class, factory = true)
public final class SweepComponent {

    private static final long LAST_SWEEP_MS = 10_000;

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

    /** @throws IllegalArgumentException the configuration makes no sense */
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

    /** Begins to sweep: now, and not earlier, the listeners that are there have been bound. */
    @Activate
    public void start() {
        clock.scheduleWithFixedDelay(this::sweep, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
    }

    @Deactivate
    public void stop() {
        clock.shutdown(); // a sweep under way hands out what it has taken
        try {
            if (!clock.awaitTermination(LAST_SWEEP_MS, TimeUnit.MILLISECONDS)) {
                log.error("a sweep is still being handed out by a listener that does not return");
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
            log.warn("sweep did not take place: " + e.getMessage());
        }
    }

    private void sweep(String namespace) {
        Map<String, Long> taken;
        try {
            taken = counters.namespace(namespace).drain();
        } catch (CounterException e) {
            log.warn("namespace " + CounterNames.printable(namespace) + " was not swept: " + e.getMessage());
            return;
        }
        if (taken.isEmpty()) {
            return;
        }
        BigInteger sum = taken.values().stream().map(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
        log.info("namespace " + CounterNames.printable(namespace) + " swept: counters=" + taken.size() + " sum=" + sum);
        events.swept(namespace, taken.size(), sum.toString());
        Map<String, Long> handed = Collections.unmodifiableMap(taken);
        for (SweepListener listener : listeners) {
            try {
                listener.swept(namespace, handed);
            } catch (RuntimeException | LinkageError e) {
                log.error("a listener failed on a sweep of namespace " + CounterNames.printable(namespace), e);
            }
        }
    }
}
