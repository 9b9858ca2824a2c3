package org.counterex.backend.mvstore.provider.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The counter files that are open in this process. A file that is open is not opened a second time, not even to try its
 * lock: on most systems, closing the second one would release the lock of the first.
 */
final class OpenFiles {

    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private OpenFiles() {}

    /**
     * Checks a file without opening it, and claims it for the caller.
     *
     * @throws IOException the file cannot be used
     */
    static void claim(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw FileErrors.unusable("counter file is a directory", path, null);
        }
        if (!Files.isReadable(path) || !Files.isWritable(path)) {
            throw FileErrors.unusable("counter file is not readable and writable", path, null);
        }
        if (Files.size(path) == 0) {
            throw FileErrors.unusable("counter file is empty, left unchanged", path, null);
        }
        if (!OPEN.add(path)) {
            throw FileErrors.unusable(FileErrors.IN_USE, path, null);
        }
    }

    static void release(Path path) {
        OPEN.remove(path);
    }

    /** Ensures that a new file has its name even after a power failure, where the system can sync a folder. */
    static void syncFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder)) {
                channel.force(true);
            }
        }
    }
}
