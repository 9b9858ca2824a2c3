package org.counterex.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.backend.CounterBackend;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Felix framework inside this VM with the packed bundles. The API comes from the class path, so that a benchmark calls
 * the services directly.
 */
public final class Bundles implements AutoCloseable {

    private static final String SHARED_PACKAGES =
            "org.counterex.api;version=1.0.0,org.counterex.api.backend;version=1.0.0,"
                    + "org.counterex.api.backend.table;version=1.0.0,org.counterex.api.admin;version=1.0.0,org.osgi.service.cm;version=1.6.1";

    /** Libraries that bundles embed. */
    private static final List<String> EMBEDDED = List.of("org.counterex.table", "org.counterex.support");

    /** The backends in memory. */
    static final List<String> BACKENDS = List.of("ets", "atomics", "counters");

    /** The backend that stores its counters in a file. */
    static final String STORED = "mvstore";

    private static final long START_TIMEOUT_MS = 20_000;

    private final Path storage;
    private final Framework framework;

    /** Starts all bundles of the class path, with this capacity for each namespace of a bounded backend. */
    public Bundles(int capacity) throws Exception {
        storage = Files.createTempDirectory("counterex-bench");
        Map<String, String> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, storage.resolve("cache").toString());
        configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED_PACKAGES);
        configuration.put("counterex.data", storage.toString());
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(configuration);
        framework.start();
        BundleContext context = framework.getBundleContext();
        List<Bundle> bundles = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
            if (isBundleToInstall(entry)) {
                bundles.add(context.installBundle(Path.of(entry).toUri().toString()));
            }
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        for (String backend : List.of("atomics", "counters")) {
            configure(
                    backend,
                    Map.of("capacity", capacity),
                    dto -> Long.valueOf(capacity).equals(dto.capacity));
        }
    }

    /**
     * Returns whether an entry is a bundle other than the API, which is shared, embedded libraries, and the framework.
     */
    private static boolean isBundleToInstall(String entry) throws IOException {
        if (!entry.endsWith(".jar")) {
            return false;
        }
        try (JarFile jar = new JarFile(entry)) {
            String name = jar.getManifest() == null
                    ? null
                    : jar.getManifest().getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            return name != null
                    && (name.startsWith("org.counterex.")
                            || name.startsWith("org.apache.felix.")
                            || name.startsWith("org.osgi."))
                    && !EMBEDDED.contains(name)
                    && !name.startsWith("org.counterex.api")
                    && !name.startsWith("org.counterex.bench")
                    && !name.startsWith("org.apache.felix.framework");
        }
    }

    /** Configures a backend, and waits until its description meets a condition. */
    public void configure(String backend, Map<String, ?> settings, Predicate<BackendDTO> condition)
            throws IOException, InterruptedException {
        service(ConfigurationAdmin.class)
                .getConfiguration("org.counterex.backend." + backend, "?")
                .update(new Hashtable<>(settings));
        BackendRegistry registry = registry();
        long deadline = System.nanoTime() + START_TIMEOUT_MS * 1_000_000;
        while (registry.backends().stream().noneMatch(dto -> dto.type.equals(backend) && condition.test(dto))) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("timed out waiting for backend: type=" + backend);
            }
            Thread.onSpinWait();
        }
    }

    public Counters counters() throws InterruptedException {
        return service(Counters.class);
    }

    public BackendRegistry registry() throws InterruptedException {
        return service(BackendRegistry.class);
    }

    /** Returns the details of the backend that stores its counters in a file. */
    Map<String, String> details() {
        try {
            return backend(STORED).info().details();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Registers a service, from the class path. */
    <T> void register(Class<T> type, T service, Map<String, ?> properties) {
        framework.getBundleContext().registerService(type, service, new Hashtable<>(properties));
    }

    /** Returns the service of a backend of this project. */
    public CounterBackend backend(String type) throws InterruptedException {
        return service(CounterBackend.class, "(" + CounterBackend.TYPE + "=" + type + ")");
    }

    private <T> T service(Class<T> type) throws InterruptedException {
        return service(type, "(" + Constants.SERVICE_ID + "=*)");
    }

    private <T> T service(Class<T> type, String filter) throws InterruptedException {
        try {
            BundleContext context = framework.getBundleContext();
            ServiceTracker<T, T> tracker = new ServiceTracker<>(
                    context,
                    context.createFilter("(&(" + Constants.OBJECTCLASS + "=" + type.getName() + ")" + filter + ")"),
                    null);
            tracker.open();
            T service = tracker.waitForService(START_TIMEOUT_MS);
            if (service == null) {
                throw new IllegalStateException("timed out waiting for service: type=" + type.getName());
            }
            return service;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops the framework. Counters are deleted first, or the stopping bundles would move them to each other. */
    @Override
    public void close() throws IOException, BundleException, InterruptedException {
        Counters counters = counters();
        counters.namespaces().forEach(name -> counters.namespace(name).deleteAll());
        framework.stop();
        framework.waitForStop(START_TIMEOUT_MS);
        try (Stream<Path> files = Files.walk(storage)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
