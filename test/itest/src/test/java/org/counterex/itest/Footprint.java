package org.counterex.itest;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.ObjectName;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;

/** Memory and threads that bundles of this project leave behind in the VM after this listener was registered. */
final class Footprint implements SynchronousBundleListener {

    private final Platform platform;
    private final List<WeakReference<ClassLoader>> loaders = new CopyOnWriteArrayList<>();
    private final AtomicLong seen = new AtomicLong();

    /**
     * One measurement.
     *
     * @param loaders the number of class loaders of these bundles so far
     * @param live the number of them in use; all others have been collected
     * @param threads the number of live threads
     * @param heap the used heap after a garbage collection, in bytes
     */
    record Level(long loaders, int live, int threads, long heap) {}

    Footprint(Platform platform) {
        this.platform = platform;
    }

    private static boolean isOurs(Bundle bundle) {
        String name = bundle.getSymbolicName();
        return name != null && (name.startsWith("org.counterex.") || name.startsWith("org.example."));
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STARTED && isOurs(event.getBundle())) {
            BundleWiring wiring = event.getBundle().adapt(BundleWiring.class);
            if (wiring != null && loaders.stream().noneMatch(loader -> loader.refersTo(wiring.getClassLoader()))) {
                loaders.add(new WeakReference<>(wiring.getClassLoader()));
                seen.incrementAndGet();
            }
        }
    }

    /** Waits until every unused class loader has been collected, and returns a measurement. */
    Level level() {
        platform.refreshPending();
        Await.until(
                () -> {
                    System.gc();
                    loaders.removeIf(loader -> loader.refersTo(null));
                    return used().containsAll(alive());
                },
                () -> "class loaders not collected: alive=" + alive() + " used=" + used() + " heapDump=" + dump());
        return new Level(
                seen.get(),
                alive().size(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                heapAfterCollection());
    }

    /** Writes a heap dump and returns its file. */
    private static String dump() {
        String file = Path.of(System.getProperty("counterex.work"), "heap-" + System.nanoTime() + ".hprof")
                .toString();
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                            "dumpHeap",
                            new Object[] {file, true},
                            new String[] {"java.lang.String", "boolean"});
        } catch (JMException e) {
            return "none: " + e;
        }
        return file;
    }

    private Set<ClassLoader> alive() {
        Set<ClassLoader> alive = Collections.newSetFromMap(new IdentityHashMap<>());
        for (WeakReference<ClassLoader> loader : loaders) {
            ClassLoader present = loader.get();
            if (present != null) {
                alive.add(present);
            }
        }
        return alive;
    }

    private Set<ClassLoader> used() {
        Set<ClassLoader> used = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Bundle bundle : platform.bundles()) {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            if (wiring != null && isOurs(bundle)) {
                used.add(wiring.getClassLoader());
            }
        }
        return used;
    }

    /** The usage after the last collection: the current usage includes garbage of the writers. */
    private static long heapAfterCollection() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }
}
