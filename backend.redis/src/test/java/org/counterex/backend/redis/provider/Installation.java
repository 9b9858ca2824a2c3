package org.counterex.backend.redis.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/**
 * Executable of the server, unpacked once for this virtual machine into a folder that also holds the files of all
 * servers.
 *
 * <p>A guard process waits until this virtual machine has exited, in any way, then kills all processes of that
 * executable and deletes the folder. (Without {@code /proc} it only deletes the folder.)
 */
final class Installation {

    /**
     * Waits for the end of its input, which this virtual machine holds open. A dying server may still write a file:
     * hence the loop.
     */
    private static final String GUARD = """
            trap '' HUP INT TERM
            read -r ignored
            for round in 1 2 3 4 5 6 7 8 9; do
                for process in /proc/[0-9]*; do
                    if [ "$(readlink "$process/exe")" = "$1/redis-server" ]; then kill -9 "${process#/proc/}"; fi
                done
                rm -rf "$1" && exit
                sleep 1
            done
            """;

    private static final Installation ONLY = new Installation();

    private final Path folder;
    private final Path program;

    /** Referenced, so that its input stays open. */
    private final Process guard;

    private Installation() {
        try {
            folder = Files.createTempDirectory("counterex-redis").toRealPath();
            guard = new ProcessBuilder("sh", "-c", GUARD, "guard", folder.toString())
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            program = folder.resolve("redis-server");
            try (InputStream bytes = bytes()) {
                Files.copy(bytes, program);
            }
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("r-x------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens the executable named by a system property, or by default the one embedded for tests. */
    private static InputStream bytes() throws IOException {
        String other = System.getProperty("counterex.redis.server");
        if (other != null) {
            return Files.newInputStream(Path.of(other));
        }
        String name = ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.detectOSandArchitecture());
        return ExecutableProvider.class.getResourceAsStream(name);
    }

    static Path program() {
        return ONLY.program;
    }

    /** Creates a folder, which the caller or else the guard deletes. */
    static Path newFolder() throws IOException {
        return Files.createTempDirectory(ONLY.folder, "server");
    }
}
