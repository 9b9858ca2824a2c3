package org.counterex.shell.provider;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import org.counterex.api.CounterNames;

/**
 * The counters of a namespace in a JSON file, in UTF-8: {@code {"namespace": "http", "counters": {"requests": 7}}}.
 *
 * @param counters exact; names are whatever the API allows
 */
record CounterFile(String namespace, Map<String, Long> counters) {

    /**
     * Writes a file whole or not at all: a temporary one beside it takes its place at the end.
     *
     * @throws IOException it could not be written; what stood there before stands there still
     */
    void write(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        // Found out later, it would be the temporary file that is complained of.
        if (Files.isDirectory(target)) {
            throw new FileSystemException(target.toString(), null, "it is a directory");
        }
        if (!Files.isDirectory(target.getParent())) {
            throw new FileSystemException(target.toString(), null, "its directory does not exist");
        }
        Path temporary = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(temporary, StandardOpenOption.CREATE_NEW)) {
                append(out);
            }
            try (FileChannel written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void append(Appendable out) throws IOException {
        out.append("{\n  \"namespace\": ").append(quoted(namespace)).append(",\n  \"counters\": {");
        String separator = "\n";
        for (Map.Entry<String, Long> counter : counters.entrySet()) {
            out.append(separator).append("    ").append(quoted(counter.getKey()));
            out.append(": ").append(counter.getValue().toString());
            separator = ",\n";
        }
        out.append(counters.isEmpty() ? "}\n}\n" : "\n  }\n}\n");
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (CounterNames.isPrintable(c)) {
                quoted.appendCodePoint(c);
            } else {
                quoted.append(CounterNames.escape(Character.toString(c)));
            }
        });
        return quoted.append('"').toString();
    }
}
