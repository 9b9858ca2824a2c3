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

/** The folder of one copy of the distribution, with everything that belongs to it, wherever it was copied to. */
record Folder(Path home) {

    private static final long LOG_BYTES = 10L << 20;
    private static final int OLDER_LOGS = 4;

    /** Held on to, since a lock that nobody can reach any more is given up. */
    private static FileLock lock;

    /** The folder whose {@code bin} holds this program. */
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
     * Takes this copy for this process, until the process ends, however it ends.
     *
     * @throws LaunchException it is running already, or cannot be written
     */
    void take() {
        try {
            for (String written : List.of("data", "log", "load", "conf")) {
                Files.createDirectories(home.resolve(written));
            }
            lock = FileChannel.open(home.resolve("data/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .tryLock();
            if (lock == null) {
                throw new LaunchException("this copy is running already: folder=" + home);
            }
        } catch (IOException e) {
            throw new LaunchException("this copy cannot be written: " + e.getMessage());
        }
    }

    /** The log, to print to. */
    PrintStream log() throws IOException {
        LogFile file = new LogFile(home.resolve("log/counterex.log"), LOG_BYTES, OLDER_LOGS, Clock.systemDefaultZone());
        return new PrintStream(file, true, StandardCharsets.UTF_8);
    }

    /** The bundles that make up the distribution, by name. */
    List<Path> bundles() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("bundle"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    /**
     * The settings of the framework, with the place of this copy put in. What is given to the virtual machine, by
     * {@code -DNAME=VALUE} in {@code COUNTEREX_OPTS}, takes the place of what is in the file.
     */
    Map<String, String> settings() throws IOException {
        Properties file = new Properties();
        try (Reader in = Files.newBufferedReader(home.resolve("etc/framework.properties"))) {
            file.load(in);
        }
        Map<String, String> settings = new HashMap<>();
        settings.put("counterex.home", home.toString());
        settings.put(DataDirectory.PROPERTY, home.resolve("data").toString());
        for (String key : file.stringPropertyNames()) {
            String value = System.getProperty(key, file.getProperty(key));
            settings.put(key, value.replace("${counterex.home}", home.toString()));
        }
        return settings;
    }
}
