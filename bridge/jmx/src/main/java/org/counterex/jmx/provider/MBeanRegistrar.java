package org.counterex.jmx.provider;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.counterex.api.CounterNames;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Registrar of the MBeans {@code org.counterex:type=Registry} and {@code org.counterex:type=Namespace,name="..."} (the
 * name {@linkplain ObjectName#quote quoted}) while the registry runs. Lists the namespaces once a second; the first
 * {@value #MAX_BEANS} by name have an MBean.
 *
 * <p><b>Threads.</b> {@link #registered} is guarded by the monitor of this object; no MBean is called while it is held.
 */
@Component(
        immediate = true,
        service = {})
public final class MBeanRegistrar {

    /** The maximum number of namespaces with an MBean. */
    static final int MAX_BEANS = 1_000;

    private static final String DOMAIN = "org.counterex";
    private static final long REFRESH_MS = 1_000;
    private static final long STOP_TIMEOUT_MS = 5_000;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Counters counters;
    private final BackendRegistry registry;
    private final LoggerFactory logService;
    private final Map<String, ObjectName> registered = new HashMap<>();
    private final ObjectName registryName;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "counterex-jmx");
        thread.setDaemon(true);
        return thread;
    });
    private volatile int namespaceBeans;

    /** @throws JMException if an MBean of the registry is already registered */
    @Activate
    public MBeanRegistrar(
            @Reference Counters counters,
            @Reference BackendRegistry registry,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    LoggerFactory logService)
            throws JMException {
        this.counters = counters;
        this.registry = registry;
        this.logService = logService;
        registryName = new ObjectName(DOMAIN + ":type=Registry");
        RegistryMXBean bean = new RegistryBean(counters, registry, () -> namespaceBeans);
        server.registerMBean(new StandardMBean(bean, RegistryMXBean.class, true), registryName);
    }

    @Activate
    void start() {
        scheduler.scheduleWithFixedDelay(this::refresh, 0, REFRESH_MS, TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void stop() throws InterruptedException {
        scheduler.shutdown();
        scheduler.awaitTermination(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        update(Set.of());
        unregister(registryName);
    }

    private void refresh() {
        try {
            update(counters.namespaces());
        } catch (RuntimeException e) {
            // Level DEBUG: this can recur every second. A registry that has stopped deactivates this component as well.
            debug("namespaces cannot be listed", e);
        }
    }

    private synchronized void update(Set<String> present) {
        // A refresh that outlasts the wait in stop() must not register anything afterwards.
        Set<String> expected = new TreeSet<>(scheduler.isShutdown() ? Set.of() : present);
        if (expected.size() > MAX_BEANS) {
            Iterator<String> names = new TreeSet<>(expected).iterator();
            expected.clear();
            for (int i = 0; i < MAX_BEANS; i++) {
                expected.add(names.next());
            }
        }
        registered.entrySet().removeIf(entry -> {
            boolean obsolete = !expected.contains(entry.getKey());
            if (obsolete) {
                unregister(entry.getValue());
            }
            return obsolete;
        });
        expected.removeAll(registered.keySet());
        expected.forEach(this::register);
        namespaceBeans = registered.size();
    }

    private void register(String namespace) {
        try {
            ObjectName name = name(namespace);
            NamespaceMXBean bean = new NamespaceBean(namespace, counters, registry);
            server.registerMBean(new StandardMBean(bean, NamespaceMXBean.class, true), name);
            registered.put(namespace, name);
        } catch (InstanceAlreadyExistsException e) {
            debug("MBean already registered: name=" + e.getMessage(), null);
        } catch (JMException e) {
            debug("MBean not registered: namespace=" + CounterNames.printable(namespace), e);
        }
    }

    /** Returns the object name of the MBean of a namespace. */
    static ObjectName name(String namespace) throws MalformedObjectNameException {
        return new ObjectName(DOMAIN + ":type=Namespace,name=" + ObjectName.quote(namespace));
    }

    private void unregister(ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            // Already unregistered by another party: the intended state.
        } catch (JMException e) {
            debug("MBean not unregistered: name=" + name, e);
        }
    }

    private void debug(String message, Throwable cause) {
        if (logService != null) {
            Logger logger = logService.getLogger("org.counterex.jmx");
            logger.debug("{}", message, cause);
        }
    }
}
