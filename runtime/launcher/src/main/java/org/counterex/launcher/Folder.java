package org.counterex.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.counterex.support.data.DataDirectory;

/** Folder of one copy of the distribution; it contains all files of the copy and can be anywhere. */
record Folder(Path home) {

    private static final long LOG_BYTES = 10L << 20;
    private static final int OLDER_LOG_FILES = 4;

    /** Referenced until the process ends, since a file lock is released when its channel is garbage-collected. */
    private static FileLock lock;

    /** Returns the folder whose {@code bin} contains this program. */
    static Folder own() {
        try {
            Path jar = Path.of(Folder.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new Folder(jar.getParent().getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Locks this copy until the process ends in any way.
     *
     * @throws LaunchException the copy is already running or cannot be written
     */
    void lock() {
        try {
            for (String directory : List.of("data", "log", "load", "conf")) {
                Files.createDirectories(home.resolve(directory));
            }
            lock = FileChannel.open(home.resolve("data/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .tryLock();
            if (lock == null) {
                throw new LaunchException("this copy is already running: folder=" + home);
            }
        } catch (IOException e) {
            throw new LaunchException("this copy cannot be written: " + e.getMessage());
        }
    }

    /** Opens the log for writing. */
    PrintStream log() throws IOException {
        LogFile file =
                new LogFile(home.resolve("log/counterex.log"), LOG_BYTES, OLDER_LOG_FILES, Clock.systemDefaultZone());
        return new PrintStream(file, true, StandardCharsets.UTF_8);
    }

    /** Returns the bundles of the distribution, sorted by name. */
    List<Path> bundles() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("bundle"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Returns the framework properties, with {@code ${counterex.home}} replaced by this folder. A system property, such
     * as {@code -DNAME=VALUE} in {@code COUNTEREX_OPTS}, overrides the property of the same name in the file.
     */
    Map<String, String> properties() throws IOException {
        Properties file = new Properties();
        try (Reader in = Files.newBufferedReader(home.resolve("etc/framework.properties"))) {
            file.load(in);
        }
        Map<String, String> properties = new HashMap<>();
        properties.put("counterex.home", home.toString());
        properties.put(DataDirectory.PROPERTY, home.resolve("data").toString());
        for (String key : file.stringPropertyNames()) {
            String value = System.getProperty(key, file.getProperty(key));
            properties.put(key, value.replace("${counterex.home}", home.toString()));
        }
        return properties;
    }
}
