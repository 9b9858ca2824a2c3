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
 * The framework of a test, and what one does to bundles and configurations in it. It acts through the context of the system
 * bundle, which outlives a refresh of the test itself.
 */
final class Platform {

    private static final long REFRESH_S = 20;

    private final BundleContext own;
    private final BundleContext system;

    /** @param context of the test, or of the framework */
    Platform(BundleContext context) {
        own = context;
        system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
    }

    /** A folder that the framework was told of by a framework property. */
    Path folder(String property) {
        return Path.of(system.getProperty(property));
    }

    /** A service, or null if it is not there now. */
    <T> T present(Class<T> type) {
        return present(type, null);
    }

    /** A service that passes a filter, or null if it is not there now. */
    @SuppressWarnings("unchecked") // it says so of itself
    private <T> T present(Class<T> type, String filter) {
        try {
            // All of them: Felix says that the classes which the system bundle sees are not those of the service.
            ServiceReference<?>[] references = system.getAllServiceReferences(type.getName(), filter);
            return references == null ? null : (T) system.getService(references[0]);
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** A service, which is waited for. */
    <T> T service(Class<T> type) {
        return service(type, null);
    }

    /** A service that passes a filter, which is waited for. */
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

    /** Registers a service, as one of the test: Equinox would not show it to others if it came from the system bundle. */
    <T> ServiceRegistration<T> register(Class<T> type, T service, Map<String, ?> properties) {
        return own.registerService(type, service, new Hashtable<>(properties));
    }

    /** Tells a listener of everything that happens to bundles. */
    void listen(BundleListener listener) {
        system.addBundleListener(listener);
    }

    Optional<Bundle> find(String symbolicName) {
        return Arrays.stream(system.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst();
    }

    /** The bundle that was installed from a location. */
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

    /** Refreshes bundles and what depends on them, and waits for the end of it. */
    void refresh(Bundle... bundles) {
        refresh(List.of(bundles));
    }

    /** Refreshes the bundles of which the framework still keeps a former content. */
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
                throw new AssertionError("refresh does not end: " + bundles);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /**
     * Makes or changes a configuration; it takes effect some time later.
     *
     * @param pid of a singleton, or of a factory, {@code ~} and a name
     */
    void configure(String pid, Map<String, ?> properties) throws IOException {
        Dictionary<String, Object> dictionary = new Hashtable<>(properties);
        configuration(pid).update(dictionary);
    }

    void deleteConfiguration(String pid) throws IOException {
        configuration(pid).delete();
    }

    /** The number of configurations that are stored. */
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
