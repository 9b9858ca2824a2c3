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
 * The program of the server, unpacked once for this virtual machine, into a folder that also holds whatever the servers write.
 *
 * <p>A guard, a process of its own, waits until this virtual machine has ended, in whatever way, then kills what still runs that
 * program and deletes the folder. (Where there is no {@code /proc}, it deletes only.)
 */
final class Installation {

    /** Reads until its input ends, which it does when nobody is left who could write. A server that dies may still write a file. */
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

    /** Kept, for its input would be closed if it were not. */
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

    /** Those of another server, if one is named, or of that which comes with the tests. */
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

    /** A new folder, which whoever asks for it deletes, or else the guard. */
    static Path newFolder() throws IOException {
        return Files.createTempDirectory(ONLY.folder, "server");
    }
}
