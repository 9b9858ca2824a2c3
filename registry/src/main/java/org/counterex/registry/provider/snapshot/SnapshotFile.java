package org.counterex.registry.provider.snapshot;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * The counters that no backend held when the registry stopped, in a file: written whole or not at all, and taken up once.
 *
 * <p>Format, big-endian: the magic number, the number of counters, for each of them namespace, keeper (empty if there is
 * none) and key, each as length and UTF-8, and the value; then the CRC-32 of all that.
 */
public final class SnapshotFile {

    /**
     * A counter.
     *
     * @param keeper the backend that keeps the rest of the value; empty if this is all
     */
    public record Entry(String namespace, String retainingBackend, String key, long value) {}

    /** "counterx", format 1. */
    private static final long MAGIC = 0x636f756e74657201L;

    private final Path file;

    public SnapshotFile(Path file) {
        this.file = file;
    }

    public Path path() {
        return file;
    }

    public void write(List<Entry> entries) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            CheckedOutputStream checked = new CheckedOutputStream(
                    new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16), new CRC32());
            write(entries, checked);
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(List<Entry> entries, CheckedOutputStream checked) throws IOException {
        DataOutputStream out = new DataOutputStream(checked);
        out.writeLong(MAGIC);
        out.writeInt(entries.size());
        for (Entry entry : entries) {
            writeText(out, entry.namespace());
            writeText(out, entry.retainingBackend());
            writeText(out, entry.key());
            out.writeLong(entry.value());
        }
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads the file and leaves it.
     *
     * @return what is in it; nothing if there is no file
     * @throws IOException it is damaged or cannot be read; the message names it
     */
    public List<Entry> read() throws IOException {
        return Files.exists(file) ? parse() : List.of();
    }

    /**
     * Passes on what is in the file and then sets that aside, so that it is not taken up twice. Nothing is passed on unless all of
     * it is sound.
     *
     * @param receiver of the counters, none if there is no file; if it fails the file stays where it is
     * @throws IOException it is damaged or cannot be read, and stays where it is; the message names it
     */
    public void restore(Consumer<List<Entry>> receiver) throws IOException {
        boolean exists = Files.exists(file);
        receiver.accept(exists ? parse() : List.of());
        if (exists) {
            Files.move(
                    file,
                    file.resolveSibling(file.getFileName() + ".taken"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private List<Entry> parse() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, Math.max(0, bytes.length - Long.BYTES));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            if (bytes.length < 20
                    || new DataInputStream(new ByteArrayInputStream(bytes, bytes.length - Long.BYTES, Long.BYTES))
                                    .readLong()
                            != sum.getValue()
                    || in.readLong() != MAGIC) {
                throw new IOException("checksum does not match");
            }
            Entry[] entries = new Entry[in.readInt()];
            for (int i = 0; i < entries.length; i++) {
                entries[i] = new Entry(readText(in), readText(in), readText(in), in.readLong());
            }
            return List.of(entries);
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "file of parked counters is damaged and left as it is; move it away to start without them: file="
                            + file + " problem=" + e.getMessage(),
                    e);
        }
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
