package org.counterex.backend.mvstore.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.counterex.support.log.ServiceLog;

/** A folder for one test, with a file of counters in it. */
final class OnDisk implements AutoCloseable {

    static final ServiceLog SILENT = new ServiceLog("test", () -> null);

    final Path folder;
    final Path file;

    OnDisk() throws IOException {
        folder = Files.createTempDirectory("counterex");
        file = folder.resolve("counters.mv");
    }

    /** A backend that flushes when it is asked to. */
    MvstoreBackend open() throws IOException {
        return open(3_600_000, false);
    }

    MvstoreBackend open(long intervalMs, boolean confirming) throws IOException {
        return new MvstoreBackend("mvstore", file, intervalMs, confirming, SILENT);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
