package org.counterex.backend.redis.provider;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.counterex.support.file.ChecksummedFile;

/**
 * File of the operations that a backend could not send before it stopped; restored once, by the next backend of the same name. It
 * holds the sessions too: only the session of a batch shows whether the server has applied it.
 *
 * <p>Body of the {@link ChecksummedFile}, big-endian: the number of queues; for each of them namespace, index, session, number of
 * the last acknowledged batch, the uncertain batch (its number, 0 if there is none; when it was first sent; its operations), and
 * the operations that follow. A text is its length and UTF-8.
 */
final class PendingFile {

    /**
     * One queue.
     *
     * @param session of the batches of this queue; a process that has restored several files has several sessions
     * @param batch the batch that may have been applied; null if there is none
     * @param guaranteed operations that were acknowledged to callers and have not been sent
     */
    record Entry(
            String namespace,
            int index,
            String session,
            long acknowledged,
            BatchQueue.Batch batch,
            List<Operation> guaranteed) {}

    /** "counterx", pending, format 1. */
    private static final long MAGIC = 0x636f756e74755201L;

    private final ChecksummedFile file;

    PendingFile(Path file) {
        this.file = new ChecksummedFile(file, MAGIC, "pending");
    }

    Path path() {
        return file.path();
    }

    void write(List<Entry> entries) throws IOException {
        file.write(out -> write(out, entries));
    }

    private static void write(DataOutput out, List<Entry> entries) throws IOException {
        out.writeInt(entries.size());
        for (Entry entry : entries) {
            ChecksummedFile.writeText(out, entry.namespace());
            out.writeInt(entry.index());
            ChecksummedFile.writeText(out, entry.session());
            out.writeLong(entry.acknowledged());
            out.writeLong(entry.batch() == null ? 0 : entry.batch().sequence);
            if (entry.batch() != null) {
                out.writeLong(entry.batch().sentAt);
                writeOperations(out, entry.batch().operations);
            }
            writeOperations(out, entry.guaranteed());
        }
    }

    private static void writeOperations(DataOutput out, List<Operation> operations) throws IOException {
        out.writeInt(operations.size());
        for (Operation operation : operations) {
            out.writeByte(operation.kind.ordinal());
            out.writeBoolean(operation.isOwed());
            ChecksummedFile.writeText(out, operation.key);
            ChecksummedFile.writeText(out, operation.first);
            ChecksummedFile.writeText(out, operation.second);
        }
    }

    /**
     * Reads the file and sets it aside, so that it is not restored twice. The whole file is verified before.
     *
     * @param buckets of each namespace
     * @return the queues; empty if there is no file
     * @throws IOException the file is corrupt, requires more buckets or cannot be read, and is left unchanged; the message names it
     */
    List<Entry> restore(int buckets) throws IOException {
        if (!file.exists()) {
            return List.of();
        }
        List<Entry> entries = file.read(PendingFile::readEntries);
        int required = entries.stream().mapToInt(Entry::index).max().orElse(0) + 1;
        if (required > buckets) {
            throw new IOException("pending file requires more buckets, left unchanged: file=" + path() + " buckets="
                    + buckets + " expected=" + required + " or more");
        }
        file.setAside();
        return entries;
    }

    private static List<Entry> readEntries(DataInput in) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            entries.add(readEntry(in));
        }
        return entries;
    }

    private static Entry readEntry(DataInput in) throws IOException {
        String namespace = ChecksummedFile.readText(in);
        int index = in.readInt();
        String session = ChecksummedFile.readText(in);
        long acknowledged = in.readLong();
        long sequence = in.readLong();
        BatchQueue.Batch batch = null;
        if (sequence > 0) {
            long sentAt = in.readLong();
            batch = new BatchQueue.Batch(sequence, readOperations(in), sentAt, true);
        }
        return new Entry(namespace, index, session, acknowledged, batch, readOperations(in));
    }

    private static List<Operation> readOperations(DataInput in) throws IOException {
        List<Operation> operations = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            Operation.Kind kind = Operation.Kind.values()[in.readByte()];
            boolean guaranteed = in.readBoolean();
            Operation operation = Operation.restored(
                    kind, ChecksummedFile.readText(in), ChecksummedFile.readText(in), ChecksummedFile.readText(in));
            if (guaranteed) {
                operation.guarantee();
            } else {
                operation.giveUp(); // its caller has received an exception with an unknown outcome
            }
            operations.add(operation);
        }
        return operations;
    }
}
