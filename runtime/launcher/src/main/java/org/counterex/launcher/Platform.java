package org.counterex.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.ToIntFunction;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/**
 * OSGi framework with the bundles of one copy of the distribution. Bundles are installed anew at each start, so that a
 * replaced bundle or a copied folder takes effect.
 *
 * <p><b>Threads.</b> Any; {@link #stop} may run concurrently with every other method.
 */
final class Platform {

    /**
     * Prefix of the properties that list the bundles of a start level, without {@code .jar}; {@code *} is every other
     * bundle.
     */
    private static final String START_LEVEL_PREFIX = "startlevel.";

    private static final String ANY_OTHER = "*";
    private static final String CONSOLE = "(counterex.console=*)";

    private final Folder folder;
    private final Map<String, String> properties;
    private final Framework framework;

    /**
     * Creates the framework.
     *
     * @param log destination of the framework's own messages
     * @throws IOException the properties cannot be read
     */
    Platform(Folder folder, PrintStream log) throws IOException {
        this.folder = folder;
        properties = folder.properties();
        Map<String, Object> all = new HashMap<>(properties);
        all.put("felix.log.logger", new FrameworkLog(log));
        @SuppressWarnings({"unchecked", "rawtypes"}) // Felix accepts an object, despite the signature.
        Map<String, String> configuration = (Map) all;
        framework = ServiceLoader.load(FrameworkFactory.class, Platform.class.getClassLoader())
                .findFirst()
                .orElseThrow()
                .newFramework(configuration);
    }

    /**
     * Starts the bundles, level by level. Returns when all are started, including those in the drop folder; failures
     * are logged.
     *
     * @throws BundleException the framework does not start, or a file of the distribution is not a bundle
     * @throws IOException the files cannot be listed
     */
    void start() throws BundleException, IOException {
        framework.init();
        Map<String, Integer> levels = startLevels();
        for (Path jar : folder.bundles()) {
            String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
            Bundle bundle =
                    framework.getBundleContext().installBundle(jar.toUri().toString());
            bundle.adapt(BundleStartLevel.class).setStartLevel(levels.getOrDefault(name, levels.get(ANY_OTHER)));
            if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
        framework.start();
    }

    /**
     * Starts, in the background, the bundles of all levels above the one that {@link #start} reaches, which only a
     * lasting run needs.
     */
    void startRest() {
        startLevels().values().stream()
                .max(Integer::compare)
                .ifPresent(framework.adapt(FrameworkStartLevel.class)::setStartLevel);
    }

    /**
     * Runs the console until the end of its input.
     *
     * @return the exit status
     */
    int console(List<String> arguments) {
        BundleContext context = framework.getBundleContext();
        try {
            for (ServiceReference<?> console : context.getServiceReferences(ToIntFunction.class, CONSOLE)) {
                @SuppressWarnings("unchecked") // By the contract of the service property.
                ToIntFunction<String[]> service = (ToIntFunction<String[]>) context.getService(console);
                return service.applyAsInt(arguments.toArray(String[]::new));
            }
            throw new IllegalStateException("the console bundle is not started");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the framework is stopped. */
    void awaitStop() throws InterruptedException {
        framework.waitForStop(0);
    }

    /** Stops the bundles in the reverse order of their start, which saves the counters, and waits for the end. */
    void stop() {
        try {
            framework.stop();
            framework.waitForStop(0);
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Integer> startLevels() {
        Map<String, Integer> levels = new HashMap<>();
        properties.forEach((key, value) -> {
            if (key.startsWith(START_LEVEL_PREFIX)) {
                int level = Integer.parseInt(key.substring(START_LEVEL_PREFIX.length()));
                for (String name : value.trim().split("\\s+")) {
                    levels.put(name, level);
                }
            }
        });
        return levels;
    }
}
