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

/** What bundles of ours leave behind in the VM, from the first time this listener is told of one. */
final class Footprint implements SynchronousBundleListener {

    private final Platform platform;
    private final List<WeakReference<ClassLoader>> loaders = new CopyOnWriteArrayList<>();
    private final AtomicLong seen = new AtomicLong();

    /**
     * What there was at one moment.
     *
     * @param loaders class loaders of bundles of ours so far
     * @param live those of them that are in use; all others have been collected
     * @param threads that were alive
     * @param heap that was in use after a garbage collection, in bytes
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

    /** Waits until every class loader that is not in use has been collected, and looks what is left. */
    Level level() {
        platform.refreshPending();
        Await.until(
                () -> {
                    System.gc();
                    loaders.removeIf(loader -> loader.refersTo(null));
                    return used().containsAll(alive());
                },
                () -> "class loaders are not collected: " + alive() + ", in use are " + used() + ", the heap is in "
                        + dump());
        return new Level(
                seen.get(),
                alive().size(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                heapAfterCollection());
    }

    /** Writes what is reachable into a file, to find out by what. */
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
            return "no file: " + e;
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

    /** Not what is in use now: writers make garbage all the time. */
    private static long heapAfterCollection() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }
}
