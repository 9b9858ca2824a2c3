package org.counterex.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Copy of the distribution in a folder of its own. */
record Distribution(Path home) {

    /** The distribution as built. */
    private static final Distribution BUILT = new Distribution(Path.of(System.getProperty("counterex.folder")));

    /** Copies the distribution as built. */
    static Distribution in(Path home) throws IOException {
        return BUILT.copyTo(home);
    }

    /** Copies this distribution with all its data. */
    Distribution copyTo(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, target.resolve(home.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return new Distribution(target);
    }

    Path program() {
        return home.resolve("bin/counterex");
    }

    /** Returns a configuration file. */
    Path conf(String name) {
        return home.resolve("conf").resolve(name);
    }

    /** Returns a file of the drop folder. */
    Path load(String name) {
        return home.resolve("load").resolve(name);
    }

    String log() {
        try {
            return Files.readString(home.resolve("log/counterex.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the program of this copy. */
    Run start(String... arguments) throws IOException {
        return Run.of(program(), Map.of(), List.of(arguments));
    }

    /** Runs commands and waits for the end of the process. */
    Run.Outcome run(String commands) throws IOException, InterruptedException {
        return start("-c", commands).end();
    }
}
