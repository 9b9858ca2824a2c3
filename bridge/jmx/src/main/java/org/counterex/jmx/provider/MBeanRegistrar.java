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
 * Shows the registry and its namespaces as MBeans as long as the registry runs: {@code org.counterex:type=Registry} and
 * {@code org.counterex:type=Namespace,name="..."}, the name {@linkplain ObjectName#quote quoted}. The namespaces are looked at once a
 * second; the first {@value #MOST} by name have a bean.
 *
 * <p><b>Threads.</b> {@link #registered} belongs to the monitor; no bean is called under it.
 */
@Component(
        immediate = true,
        service = {})
public final class MBeanRegistrar {

    /** The highest number of namespaces that have a bean. */
    static final int MOST = 1_000;

    private static final String DOMAIN = "org.counterex";
    private static final long LOOK_MS = 1_000;
    private static final long STOP_MS = 5_000;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Counters counters;
    private final BackendRegistry registry;
    private final LoggerFactory logService;
    private final Map<String, ObjectName> registered = new HashMap<>();
    private final ObjectName registryName;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "counterex-jmx");
        thread.setDaemon(true);
        return thread;
    });
    private volatile int size;

    /** @throws JMException there is such a bean already */
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
        RegistryMXBean bean = new RegistryBean(counters, registry, () -> size);
        server.registerMBean(new StandardMBean(bean, RegistryMXBean.class, true), registryName);
    }

    @Activate
    void start() {
        looking.scheduleWithFixedDelay(this::look, 0, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void stop() throws InterruptedException {
        looking.shutdown();
        looking.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS);
        update(Set.of());
        unregister(registryName);
    }

    private void look() {
        try {
            update(counters.namespaces());
        } catch (RuntimeException e) {
            // what is said once a second would fill the log; a registry that has stopped takes this component with it
            debug("namespaces could not be looked at", e);
        }
    }

    private synchronized void update(Set<String> present) {
        // One who looks longer than the stop waits must leave nothing behind.
        Set<String> wanted = new TreeSet<>(looking.isShutdown() ? Set.of() : present);
        if (wanted.size() > MOST) {
            Iterator<String> names = new TreeSet<>(wanted).iterator();
            wanted.clear();
            for (int i = 0; i < MOST; i++) {
                wanted.add(names.next());
            }
        }
        registered.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone) {
                unregister(entry.getValue());
            }
            return gone;
        });
        wanted.removeAll(registered.keySet());
        wanted.forEach(this::register);
        size = registered.size();
    }

    private void register(String namespace) {
        try {
            ObjectName name = name(namespace);
            NamespaceMXBean bean = new NamespaceBean(namespace, counters, registry);
            server.registerMBean(new StandardMBean(bean, NamespaceMXBean.class, true), name);
            registered.put(namespace, name);
        } catch (InstanceAlreadyExistsException e) {
            debug("somebody else has this bean: " + e.getMessage(), null);
        } catch (JMException e) {
            debug("a namespace has no bean", e);
        }
    }

    /** The name of the bean of a namespace. */
    static ObjectName name(String namespace) throws MalformedObjectNameException {
        return new ObjectName(DOMAIN + ":type=Namespace,name=" + ObjectName.quote(namespace));
    }

    private void unregister(ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            // somebody was quicker, which is as well
        } catch (JMException e) {
            debug("a bean stays: " + name, e);
        }
    }

    private void debug(String message, Throwable cause) {
        if (logService != null) {
            Logger logger = logService.getLogger("org.counterex.jmx");
            logger.debug("{}", message, cause);
        }
    }
}
