package org.counterex.backend.mvstore.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.counterex.support.log.ServiceLog;

/** Temporary folder of one test, with the path of a counter file in it. */
public final class TestFolder implements AutoCloseable {

    public static final ServiceLog SILENT = new ServiceLog("test", () -> null);

    public final Path folder;
    public final Path file;

    public TestFolder() throws IOException {
        folder = Files.createTempDirectory("counterex");
        file = folder.resolve("counters.mv");
    }

    /** Opens a backend that flushes on request only. */
    public MvstoreBackend open() throws IOException {
        return open(3_600_000, false);
    }

    public MvstoreBackend open(long intervalMs, boolean awaitsCommit) throws IOException {
        return new MvstoreBackend("mvstore", file, intervalMs, awaitsCommit, SILENT);
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
