package org.counterex.itest;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ops4j.pax.exam.Option;

/** Common set-up of all test frameworks: the packed bundles, a drop folder, and jars for updates. */
final class Container {

    /** Framework property: the folder of {@link Jars}. */
    static final String JARS = "counterex.itest.jars";

    /** Framework property: the drop folder. */
    static final String DROP = "felix.fileinstall.dir";

    /** Start levels as in the distribution: bundles of the drop folder start with it, the registry last of all. */
    private static final int DROP_FOLDER = 2;

    private static final int OTHERS = 3;
    private static final int REGISTRY = 4;

    private final Path work;

    /**
     * Creates the folders.
     *
     * @param test the test class, which names the working folder
     */
    Container(Class<?> test) throws IOException {
        Path all = Files.createDirectories(Path.of(System.getProperty("counterex.work")));
        work = Files.createTempDirectory(all, test.getSimpleName() + "-");
        Files.createDirectory(work.resolve("load"));
        Jars.copyTo(Files.createDirectory(work.resolve("jars")));
    }

    /** Returns the Pax Exam options of a framework with this set-up. */
    Option[] options() throws IOException {
        List<Option> options = new ArrayList<>(List.of(junitBundles()));
        properties().forEach((key, value) -> options.add(frameworkProperty(key).value(value)));
        for (Path jar : Jars.packed()) {
            options.add(bundle(jar.toUri().toString()).startLevel(startLevel(jar)));
        }
        return options.toArray(Option[]::new);
    }

    /** Returns the framework properties. */
    Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        properties.put("counterex.data", work.resolve("data").toString());
        properties.put(JARS, work.resolve("jars").toString());
        properties.put(DROP, work.resolve("load").toString());
        properties.put("felix.fileinstall.tmpdir", work.resolve("tmp").toString());
        properties.put("felix.fileinstall.poll", "50");
        properties.put("felix.fileinstall.noInitialDelay", "true");
        properties.put("felix.fileinstall.start.level", "" + DROP_FOLDER);
        // Otherwise File Install overwrites a file that changes while its previous content takes effect.
        properties.put("felix.fileinstall.enableConfigSave", "false");
        return properties;
    }

    /** Returns the storage folder of the framework. */
    Path storage() {
        return work.resolve("storage");
    }

    static int startLevel(Path jar) {
        String name = jar.getFileName().toString();
        return name.contains("fileinstall") ? DROP_FOLDER : name.contains("registry") ? REGISTRY : OTHERS;
    }
}
