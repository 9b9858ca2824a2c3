package org.counterex.itest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Framework of a test, with operations on its bundles, services and configurations. Uses the context of the system
 * bundle, which outlives a refresh of the test itself.
 */
final class Platform {

    private static final long REFRESH_S = 20;

    private final BundleContext own;
    private final BundleContext system;

    /** @param context the context of the test or of the framework */
    Platform(BundleContext context) {
        own = context;
        system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
    }

    /** Returns the folder that a framework property names. */
    Path folder(String property) {
        return Path.of(system.getProperty(property));
    }

    /** Returns a service, or null if it is absent. */
    <T> T present(Class<T> type) {
        return present(type, null);
    }

    /** Returns a service that matches a filter, or null if it is absent. */
    @SuppressWarnings("unchecked") // the reference was found by this type
    private <T> T present(Class<T> type, String filter) {
        try {
            // All references: the class space of the system bundle differs from that of the service.
            ServiceReference<?>[] references = system.getAllServiceReferences(type.getName(), filter);
            return references == null ? null : (T) system.getService(references[0]);
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for a service and returns it. */
    <T> T service(Class<T> type) {
        return service(type, null);
    }

    /** Waits for a service that matches a filter and returns it. */
    <T> T service(Class<T> type, String filter) {
        AtomicReference<T> found = new AtomicReference<>();
        Await.until(
                () -> {
                    found.set(present(type, filter));
                    return found.get() != null;
                },
                () -> "no service " + type.getName() + " " + filter);
        return found.get();
    }

    /** Registers a service from the bundle of the test: Equinox hides services of the system bundle from others. */
    <T> ServiceRegistration<T> register(Class<T> type, T service, Map<String, ?> properties) {
        return own.registerService(type, service, new Hashtable<>(properties));
    }

    /** Adds a bundle listener to the system bundle. */
    void listen(BundleListener listener) {
        system.addBundleListener(listener);
    }

    Optional<Bundle> find(String symbolicName) {
        return Arrays.stream(system.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst();
    }

    /** Returns the bundle that was installed from a location. */
    Optional<Bundle> at(String location) {
        return Optional.ofNullable(system.getBundle(location));
    }

    Bundle bundle(String symbolicName) {
        return find(symbolicName).orElseThrow(() -> new AssertionError("no bundle " + symbolicName));
    }

    List<Bundle> bundles() {
        return List.of(system.getBundles());
    }

    /** Installs and starts a bundle. */
    Bundle install(Path jar) throws BundleException {
        Bundle bundle = system.installBundle(jar.toUri().toString());
        bundle.start();
        return bundle;
    }

    void update(Bundle bundle, Path jar) throws BundleException, IOException {
        try (InputStream content = Files.newInputStream(jar)) {
            bundle.update(content);
        }
    }

    /** Refreshes bundles and their dependents, and waits for completion. */
    void refresh(Bundle... bundles) {
        refresh(List.of(bundles));
    }

    /** Refreshes the bundles whose removal is pending. */
    void refreshPending() {
        refresh(wiring().getRemovalPendingBundles());
    }

    private FrameworkWiring wiring() {
        return system.getBundle().adapt(FrameworkWiring.class);
    }

    private void refresh(Collection<Bundle> bundles) {
        CountDownLatch refreshed = new CountDownLatch(1);
        wiring().refreshBundles(bundles, event -> refreshed.countDown());
        try {
            if (!refreshed.await(REFRESH_S, TimeUnit.SECONDS)) {
                throw new AssertionError("timed out waiting for refresh: bundles=" + bundles);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /**
     * Creates or changes a configuration. The change takes effect later.
     *
     * @param pid the PID of a singleton, or a factory PID, {@code ~} and a name
     */
    void configure(String pid, Map<String, ?> properties) throws IOException {
        Dictionary<String, Object> dictionary = new Hashtable<>(properties);
        configuration(pid).update(dictionary);
    }

    void deleteConfiguration(String pid) throws IOException {
        configuration(pid).delete();
    }

    /** Returns the number of stored configurations. */
    int configurations() throws IOException {
        try {
            return service(ConfigurationAdmin.class).listConfigurations(null).length;
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private Configuration configuration(String pid) throws IOException {
        ConfigurationAdmin admin = service(ConfigurationAdmin.class);
        int tilde = pid.indexOf('~');
        return tilde < 0
                ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?");
    }
}
