package org.counterex.shell.provider;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.counterex.shell.provider.command.CommandException;
import org.counterex.support.json.CounterDocument;
import org.counterex.support.json.JsonException;

/** File with the counters of a namespace as a {@link CounterDocument}, in UTF-8. */
final class CounterFile {

    private CounterFile() {}

    /**
     * Writes a file atomically: a temporary file in the same directory replaces it at the end.
     *
     * @throws IOException the file could not be written; an existing file is unchanged
     */
    static void write(Path file, String namespace, Map<String, Long> counters) throws IOException {
        Path target = file.toAbsolutePath();
        // Checked first: later, the error would name the temporary file.
        if (Files.isDirectory(target)) {
            throw new FileSystemException(target.toString(), null, "it is a directory");
        }
        if (!Files.isDirectory(target.getParent())) {
            throw new FileSystemException(target.toString(), null, "its directory does not exist");
        }
        Path temporary = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(temporary, StandardOpenOption.CREATE_NEW)) {
                CounterDocument.write(namespace, counters, false, out);
            }
            try (FileChannel written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Reads all counters of a file.
     *
     * @throws CommandException the file is not a counter file, or contains a key twice
     * @throws IllegalArgumentException a name is invalid
     */
    static Map<String, Long> read(Path file) throws IOException {
        Map<String, Long> counters = new LinkedHashMap<>();
        try (Reader in = Files.newBufferedReader(file)) {
            CounterDocument.read(in, true, (key, value) -> counters.put(key, value) == null);
        } catch (JsonException e) {
            throw new CommandException("invalid counter file: " + e.getMessage(), e);
        }
        return counters;
    }
}
