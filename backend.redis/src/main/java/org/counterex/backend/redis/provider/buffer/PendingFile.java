package org.counterex.backend.redis.provider.buffer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.counterex.backend.redis.provider.batch.Batch;
import org.counterex.backend.redis.provider.batch.Operation;
import org.counterex.backend.redis.provider.batch.QueueState;
import org.counterex.support.file.ChecksummedFile;

/**
 * File of the operations that a backend could not send before it stopped; restored once, by the next backend of the
 * same name. It holds the sessions too: only the session of a batch shows whether the server has applied it.
 *
 * <p>Body of the {@link ChecksummedFile}, big-endian: the number of queues; for each of them namespace, index, session,
 * number of the last acknowledged batch, the uncertain batch (its number, 0 if there is none; when it was first sent;
 * its operations), and the operations that follow. A text is its length and UTF-8.
 */
public final class PendingFile {

    /** "counterx", pending, format 1. */
    private static final long MAGIC = 0x636f756e74755201L;

    private final ChecksummedFile file;

    public PendingFile(Path file) {
        this.file = new ChecksummedFile(file, MAGIC, "pending");
    }

    public Path path() {
        return file.path();
    }

    public void write(List<QueueState> queues) throws IOException {
        file.write(out -> write(out, queues));
    }

    private static void write(DataOutput out, List<QueueState> queues) throws IOException {
        out.writeInt(queues.size());
        for (QueueState queue : queues) {
            ChecksummedFile.writeText(out, queue.namespace());
            out.writeInt(queue.index());
            ChecksummedFile.writeText(out, queue.session());
            out.writeLong(queue.acknowledged());
            out.writeLong(queue.uncertain() == null ? 0 : queue.uncertain().sequence);
            if (queue.uncertain() != null) {
                out.writeLong(queue.uncertain().sentAt());
                writeOperations(out, queue.uncertain().operations);
            }
            writeOperations(out, queue.guaranteed());
        }
    }

    private static void writeOperations(DataOutput out, List<Operation> operations) throws IOException {
        out.writeInt(operations.size());
        for (Operation operation : operations) {
            out.writeByte(operation.kind.ordinal());
            out.writeBoolean(operation.isGuaranteed());
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
     * @throws IOException the file is corrupt, requires more buckets or cannot be read, and is left unchanged; the
     *     message names it
     */
    public List<QueueState> restore(int buckets) throws IOException {
        if (!file.exists()) {
            return List.of();
        }
        List<QueueState> queues = file.read(PendingFile::readQueues);
        int required = queues.stream().mapToInt(QueueState::index).max().orElse(0) + 1;
        if (required > buckets) {
            throw new IOException("pending file requires more buckets, left unchanged: file=" + path() + " buckets="
                    + buckets + " expected=" + required + " or more");
        }
        file.setAside();
        return queues;
    }

    private static List<QueueState> readQueues(DataInput in) throws IOException {
        List<QueueState> queues = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            queues.add(readQueue(in));
        }
        return queues;
    }

    private static QueueState readQueue(DataInput in) throws IOException {
        String namespace = ChecksummedFile.readText(in);
        int index = in.readInt();
        String session = ChecksummedFile.readText(in);
        long acknowledged = in.readLong();
        long sequence = in.readLong();
        Batch uncertain = null;
        if (sequence > 0) {
            long sentAt = in.readLong();
            uncertain = Batch.uncertain(sequence, readOperations(in), sentAt);
        }
        return new QueueState(namespace, index, session, acknowledged, uncertain, readOperations(in));
    }

    private static List<Operation> readOperations(DataInput in) throws IOException {
        List<Operation> operations = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            Operation.Kind kind = Operation.Kind.values()[in.readByte()];
            boolean guaranteed = in.readBoolean();
            operations.add(Operation.restored(
                    kind,
                    ChecksummedFile.readText(in),
                    ChecksummedFile.readText(in),
                    ChecksummedFile.readText(in),
                    guaranteed));
        }
        return operations;
    }
}
