package org.counterex.itest;

import static org.junit.Assert.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Orderly stop of the framework and start of another one on the same storage. The {@link Client} counts while the
 * service is present. (Without Pax Exam, whose probe would not outlive the framework.)
 */
public class RestartIT {

    private static final int RESTARTS = 3;
    private static final long STOP_MS = 30_000;

    private final ClientRemote client = new ClientRemote(false);
    private Map<String, String> properties;
    private Framework framework;
    private Platform platform;

    /** Start levels stop in reverse order: the registry stops first and drains the backends. */
    @Test
    public void restart_registryOnHighestLevel_keepsCountersExact() throws Exception {
        restart(4);
    }

    /** The backends stop one after the other until all counters are parked; then the registry stops. */
    @Test
    public void restart_registryOnLowestLevel_keepsCountersExact() throws Exception {
        restart(1);
    }

    private void restart(int registryLevel) throws Exception {
        Container container = new Container(getClass());
        properties = container.properties();
        properties.put(Constants.FRAMEWORK_STORAGE, container.storage().toString());
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "4");
        init();
        for (Path jar : Jars.packed()) {
            boolean registry = jar.getFileName().toString().contains("registry");
            install(jar, registry ? registryLevel : Container.startLevel(jar));
        }
        framework.start();
        DropFolder folder = new DropFolder(platform);
        folder.drop(jar("org.example.counters"), "map.jar");
        folder.configure(
                "org.counterex.route-a.cfg", List.of("namespaces = numbers", "target = (counterex.backend=atomics)"));
        folder.configure(
                "org.counterex.route-b.cfg", List.of("namespaces = sums", "target = (counterex.backend=counters)"));
        folder.configure(
                "org.counterex.route-c.cfg", List.of("namespaces = default", "target = (counterex.backend=map)"));
        install(jar("org.counterex.itest.client"), 4);
        for (int i = 0; i < RESTARTS; i++) {
            client.keepCounting(platform);
            client.awaitBackend(platform, "quiet", "ets/ets");
            client.awaitBackend(platform, "numbers", "atomics/atomics");
            client.awaitBackend(platform, "sums", "counters/counters");
            client.awaitBackend(platform, "default", "map/map");
            stop();
            init();
            framework.start();
        }
        client.keepCounting(platform);
        assertEquals(List.of(), client.disagreements(platform));
    }

    private Path jar(String name) {
        return platform.folder(Container.JARS).resolve(name + ".jar");
    }

    private void install(Path jar, int level) throws Exception {
        Bundle bundle = framework.getBundleContext().installBundle(jar.toUri().toString());
        bundle.adapt(BundleStartLevel.class).setStartLevel(level);
        bundle.start();
    }

    private void init() throws Exception {
        FrameworkFactory factory =
                ServiceLoader.load(FrameworkFactory.class).iterator().next();
        framework = factory.newFramework(properties);
        framework.init();
        platform = new Platform(framework.getBundleContext());
        client.enter(platform);
    }

    private void stop() throws Exception {
        framework.stop();
        assertEquals(FrameworkEvent.STOPPED, framework.waitForStop(STOP_MS).getType());
    }

    @After
    public void stopTheFramework() throws Exception {
        stop();
    }
}
