package org.counterex.backend.redis.provider;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * What a backend that leaves could not send, in a file: written whole or not at all, and taken up once, by the next backend of
 * the same name. It has the session too, for of a batch that may have been applied only its session can tell.
 *
 * <p>Format, big-endian: the magic number, the number of buckets; for each of them namespace, index, session, number of the last
 * acknowledged batch, the uncertain batch (its number, 0 if there is none; when it was sent; its operations), the
 * operations that follow; then the CRC-32 of all that. A text is its length and UTF-8.
 */
final class PendingFile {

    /**
     * One bucket.
     *
     * @param session of the batches of this bucket; a process that has taken up an earlier one has several
     * @param batch what may have been applied; null if there is no such batch
     * @param owed what was acknowledged and not sent
     */
    record Entry(
            String namespace,
            int index,
            String session,
            long acknowledged,
            BatchQueue.Batch batch,
            List<Operation> guaranteed) {}

    /** "counterx", unsent, format 1. */
    private static final long MAGIC = 0x636f756e74755201L;

    private final Path file;

    PendingFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    void write(List<Entry> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(MAGIC);
        out.writeInt(entries.size());
        for (Entry entry : entries) {
            writeText(out, entry.namespace());
            out.writeInt(entry.index());
            writeText(out, entry.session());
            out.writeLong(entry.acknowledged());
            out.writeLong(entry.batch() == null ? 0 : entry.batch().sequence);
            if (entry.batch() != null) {
                out.writeLong(entry.batch().sentAt);
                write(out, entry.batch().operations);
            }
            write(out, entry.guaranteed());
        }
        CRC32 sum = new CRC32();
        sum.update(bytes.toByteArray());
        out.writeLong(sum.getValue());
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(DataOutputStream out, List<Operation> operations) throws IOException {
        out.writeInt(operations.size());
        for (Operation operation : operations) {
            out.writeByte(operation.kind.ordinal());
            out.writeBoolean(operation.isOwed());
            writeText(out, operation.key);
            writeText(out, operation.first);
            writeText(out, operation.second);
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads the file and sets it aside, so that it is not taken up twice. Nothing is passed on unless all of it is sound.
     *
     * @param buckets of each namespace
     * @throws IOException it is damaged, of other settings or cannot be read, and stays where it is; the message names it
     */
    List<Entry> takeUp(int buckets) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Entry> entries = read();
        int most = entries.stream().mapToInt(Entry::index).max().orElse(0) + 1;
        if (most > buckets) {
            throw new IOException("file of unsent additions is of other settings and left as it is: file=" + file
                    + " buckets=" + buckets + " wanted=" + most + " or more");
        }
        Files.move(
                file,
                file.resolveSibling(file.getFileName() + ".taken"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        return entries;
    }

    private List<Entry> read() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, Math.max(0, bytes.length - Long.BYTES));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            if (bytes.length < 3 * Long.BYTES
                    || ByteBuffer.wrap(bytes).getLong(bytes.length - Long.BYTES) != sum.getValue()
                    || in.readLong() != MAGIC) {
                throw new IOException("checksum does not match");
            }
            List<Entry> entries = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                entries.add(readEntry(in));
            }
            return entries;
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "file of unsent additions is damaged and left as it is; move it away to start without them: file="
                            + file + " problem=" + e.getMessage(),
                    e);
        }
    }

    private static Entry readEntry(DataInputStream in) throws IOException {
        String namespace = readText(in);
        int index = in.readInt();
        String session = readText(in);
        long acknowledged = in.readLong();
        long sequence = in.readLong();
        BatchQueue.Batch batch = null;
        if (sequence > 0) {
            long sentAt = in.readLong();
            batch = new BatchQueue.Batch(sequence, readOperations(in), sentAt, true);
        }
        return new Entry(namespace, index, session, acknowledged, batch, readOperations(in));
    }

    private static List<Operation> readOperations(DataInputStream in) throws IOException {
        List<Operation> operations = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            Operation.Kind kind = Operation.Kind.values()[in.readByte()];
            boolean owed = in.readBoolean();
            Operation operation = Operation.restored(kind, readText(in), readText(in), readText(in));
            if (owed) {
                operation.guarantee();
            } else {
                operation.giveUp(); // whoever waited was told that the outcome is unknown
            }
            operations.add(operation);
        }
        return operations;
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
