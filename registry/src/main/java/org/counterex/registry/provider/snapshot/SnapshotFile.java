package org.counterex.registry.provider.snapshot;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.counterex.support.file.ChecksummedFile;

/**
 * File of the counters that no backend held when the registry stopped; restored once, by the next start.
 *
 * <p>Body of the {@link ChecksummedFile}, big-endian: the number of counters; for each of them namespace, retaining
 * backend (empty if there is none) and key, each as length and UTF-8, and the value.
 */
public final class SnapshotFile {

    /**
     * A counter.
     *
     * @param retainingBackend the backend that keeps the rest of the value; empty if this is the whole value
     */
    public record Entry(String namespace, String retainingBackend, String key, long value) {}

    /** "counterx", format 1. */
    private static final long MAGIC = 0x636f756e74657201L;

    private final ChecksummedFile file;

    public SnapshotFile(Path file) {
        this.file = new ChecksummedFile(file, MAGIC, "snapshot");
    }

    public Path path() {
        return file.path();
    }

    /** Replaces the file; after a failure the previous one is unchanged. */
    public void write(List<Entry> entries) throws IOException {
        file.write(out -> write(entries, out));
    }

    private static void write(List<Entry> entries, DataOutput out) throws IOException {
        out.writeInt(entries.size());
        for (Entry entry : entries) {
            ChecksummedFile.writeText(out, entry.namespace());
            ChecksummedFile.writeText(out, entry.retainingBackend());
            ChecksummedFile.writeText(out, entry.key());
            out.writeLong(entry.value());
        }
    }

    /**
     * Reads the file and leaves it unchanged.
     *
     * @return the counters; empty if there is no file
     * @throws IOException the file is corrupt or cannot be read; the message names it
     */
    public List<Entry> read() throws IOException {
        return file.exists() ? file.read(SnapshotFile::parse) : List.of();
    }

    /**
     * Passes the counters on and then sets the file aside, so that they are not restored twice. The whole file is
     * verified before.
     *
     * @param receiver of the counters, none if there is no file; if it fails, the file is left unchanged
     * @throws IOException the file is corrupt or cannot be read, and is left unchanged; the message names it
     */
    public void restore(Consumer<List<Entry>> receiver) throws IOException {
        boolean exists = file.exists();
        receiver.accept(exists ? file.read(SnapshotFile::parse) : List.of());
        if (exists) {
            file.setAside();
        }
    }

    private static List<Entry> parse(DataInput in) throws IOException {
        Entry[] entries = new Entry[in.readInt()];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = new Entry(
                    ChecksummedFile.readText(in),
                    ChecksummedFile.readText(in),
                    ChecksummedFile.readText(in),
                    in.readLong());
        }
        return List.of(entries);
    }
}
