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
 * The framework with the bundles of one copy. What it keeps of a former run is built anew each time: what is in the folder
 * is what runs, also after a bundle was exchanged or the folder copied.
 *
 * <p><b>Threads.</b> Any; stopping may happen during everything else.
 */
final class Platform {

    /** Settings that name, per start level, bundles without {@code .jar}; {@code *} is every other. */
    private static final String START_LEVEL = "startlevel.";

    private static final String ANY_OTHER = "*";
    private static final String CONSOLE = "(counterex.console=*)";

    private final Folder folder;
    private final Map<String, String> settings;
    private final Framework framework;

    /**
     * @param log for what the framework itself has to say
     * @throws IOException the settings cannot be read
     */
    Platform(Folder folder, PrintStream log) throws IOException {
        this.folder = folder;
        settings = folder.settings();
        Map<String, Object> all = new HashMap<>(settings);
        all.put("felix.log.logger", new FrameworkLog(log));
        @SuppressWarnings({"unchecked", "rawtypes"}) // Felix takes an object here, whatever the signature says
        Map<String, String> configuration = (Map) all;
        framework = ServiceLoader.load(FrameworkFactory.class, Platform.class.getClassLoader())
                .findFirst()
                .orElseThrow()
                .newFramework(configuration);
    }

    /**
     * Starts the bundles, level by level. Returns when all are started, and those of the drop folder too; what does not
     * start is in the log.
     *
     * @throws BundleException the framework does not start, or a file of the distribution is no bundle
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
     * Starts, beside everything else, the bundles of all levels above the one that {@link #start} reaches: what only a run is for
     * that lasts. Returns at once.
     */
    void startRest() {
        startLevels().values().stream()
                .max(Integer::compare)
                .ifPresent(framework.adapt(FrameworkStartLevel.class)::setStartLevel);
    }

    /**
     * Lets the console read its input to the end.
     *
     * @return the exit status
     */
    int console(List<String> arguments) {
        BundleContext context = framework.getBundleContext();
        try {
            for (ServiceReference<?> console : context.getServiceReferences(ToIntFunction.class, CONSOLE)) {
                @SuppressWarnings("unchecked") // the property says so
                ToIntFunction<String[]> service = (ToIntFunction<String[]>) context.getService(console);
                return service.applyAsInt(arguments.toArray(String[]::new));
            }
            throw new IllegalStateException("the console bundle is not started");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the framework was stopped by somebody. */
    void awaitStop() throws InterruptedException {
        framework.waitForStop(0);
    }

    /** Stops the bundles in order, those that started last first. Returns when that is done: counters are saved meanwhile. */
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
        settings.forEach((key, value) -> {
            if (key.startsWith(START_LEVEL)) {
                int level = Integer.parseInt(key.substring(START_LEVEL.length()));
                for (String name : value.trim().split("\\s+")) {
                    levels.put(name, level);
                }
            }
        });
        return levels;
    }
}
