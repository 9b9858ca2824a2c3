package org.counterex.itest;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * Main class of the process that is killed: a framework with the packed bundles and a counting {@link CrashClient}.
 * After a restart it uses the same files.
 */
public final class CrashMain {

    private CrashMain() {}

    /**
     * @param arguments the folder of all persistent files; the load, see {@link CrashClient}; and the bundles in start
     *     order, the registry last but one and the client last
     */
    public static void main(String[] arguments) {
        try {
            run(arguments);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Map<String, String> properties = new HashMap<>();
        properties.put(CrashClient.FOLDER, folder.toString());
        properties.put(CrashClient.LOAD, arguments[1]);
        properties.put("counterex.data", folder.resolve("data").toString());
        properties.put("felix.cm.dir", folder.resolve("config").toString());
        // New at each start: the storage of the framework is not under test.
        properties.put(
                Constants.FRAMEWORK_STORAGE,
                Files.createTempDirectory(folder, "storage").toString());
        Framework framework =
                ServiceLoader.load(FrameworkFactory.class).iterator().next().newFramework(properties);
        framework.start();
        String[] jars = arguments[2].split(File.pathSeparator);
        Bundle[] bundles = new Bundle[jars.length];
        for (int i = 0; i < jars.length; i++) {
            bundles[i] = framework.getBundleContext().installBundle("reference:" + new File(jars[i]).toURI());
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        framework.waitForStop(0);
    }
}
