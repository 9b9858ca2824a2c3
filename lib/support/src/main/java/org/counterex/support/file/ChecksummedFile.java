package org.counterex.support.file;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * File with a magic number, a body and a checksum, which is replaced as a whole and never changed in place.
 *
 * <p><b>Format.</b> Big-endian: the magic number (8 bytes), the body, and the CRC-32 of both in the lower half of 8
 * bytes.
 *
 * <p><b>Crashes.</b> {@link #write} writes a draft beside the file, forces it to the storage device, and then renames
 * it over the file in one step. A process that is killed at any time therefore leaves the previous file or the new one,
 * each complete, and possibly a draft, which is never read and which the next {@code write} overwrites. The directory
 * is not forced: after a power failure the rename may be undone, and the previous file, or none, is found again. The
 * same holds for {@link #setAside}.
 *
 * <p><b>Threads.</b> Not thread-safe: one thread at a time, in one process, may use the file.
 */
public final class ChecksummedFile {

    /** Writes the body of a file. */
    @FunctionalInterface
    public interface BodyWriter {

        /** Writes the body to a buffered stream; a failure leaves the previous file in place. */
        void write(DataOutput out) throws IOException;
    }

    /**
     * Reads the body of a file.
     *
     * @param <T> what is read
     */
    @FunctionalInterface
    public interface BodyReader<T> {

        /** Reads the body from a buffered stream that ends where the body ends. */
        T read(DataInput in) throws IOException;
    }

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int CHECKSUM_BYTES = Long.BYTES;

    private final Path file;
    private final long magic;
    private final String kind;

    /**
     * Creates a description of a file, which need not exist.
     *
     * @param magic identifies the kind of file and the version of its format
     * @param kind of file, for error messages: a noun in lower case, such as {@code snapshot}
     */
    public ChecksummedFile(Path file, long magic, String kind) {
        this.file = file;
        this.magic = magic;
        this.kind = kind;
    }

    public Path path() {
        return file;
    }

    public boolean exists() {
        return Files.exists(file);
    }

    /**
     * Replaces the file, or creates it and the folders that lead to it. When this returns, the content is on the
     * storage device.
     *
     * @throws IOException the file was not written; the previous one is unchanged
     */
    public void write(BodyWriter body) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path draft = sibling(".draft");
        try (FileChannel channel = FileChannel.open(
                        draft,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                CheckedOutputStream checked = new CheckedOutputStream(
                        new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES), new CRC32());
                DataOutputStream out = new DataOutputStream(checked)) {
            out.writeLong(magic);
            body.write(out);
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
            channel.force(true);
        }
        replace(draft, file);
    }

    /**
     * Reads the file and leaves it unchanged. The whole file is verified before {@code body} is called.
     *
     * @throws IOException the file cannot be read, is corrupt, is of another kind, or {@code body} failed; the message
     *     names it
     */
    public <T> T read(BodyReader<T> body) throws IOException {
        long bodyBytes = Files.size(file) - Long.BYTES - CHECKSUM_BYTES;
        if (bodyBytes < 0 || !hasValidChecksum()) {
            throw corrupt("checksum does not match", null);
        }
        try (DataInputStream in = open()) {
            if (in.readLong() != magic) {
                throw new IOException("magic number does not match");
            }
            return body.read(new DataInputStream(new LimitedInputStream(in, bodyBytes)));
        } catch (IOException | RuntimeException e) {
            throw corrupt(e.getMessage(), e);
        }
    }

    /**
     * Renames the file to one that is not read, in place of an earlier one: its content is used once.
     *
     * @throws IOException the file was not renamed
     */
    public void setAside() throws IOException {
        replace(file, sibling(".taken"));
    }

    private boolean hasValidChecksum() throws IOException {
        try (CheckedInputStream checked = new CheckedInputStream(open(), new CRC32());
                DataInputStream in = new DataInputStream(checked)) {
            long left = Files.size(file) - CHECKSUM_BYTES;
            byte[] buffer = new byte[BUFFER_BYTES];
            while (left > 0) {
                int length = (int) Math.min(left, buffer.length);
                in.readFully(buffer, 0, length);
                left -= length;
            }
            long checksum = checked.getChecksum().getValue();
            return in.readLong() == checksum;
        }
    }

    private DataInputStream open() throws IOException {
        return new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES));
    }

    private IOException corrupt(String problem, Exception cause) {
        return new IOException(
                kind + " file is corrupt or not a " + kind + " file, left unchanged: file=" + file + " problem="
                        + problem,
                cause);
    }

    private Path sibling(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static void replace(Path source, Path target) throws IOException {
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes a text as the number of its bytes and UTF-8. */
    public static void writeText(DataOutput out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Reads a text written by {@link #writeText}. */
    public static String readText(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Stream that ends after a number of bytes of another one. */
    private static final class LimitedInputStream extends FilterInputStream {

        private long left;

        LimitedInputStream(InputStream in, long limit) {
            super(in);
            left = limit;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            int value = super.read();
            left -= value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0 && length > 0) {
                return -1;
            }
            int count = super.read(bytes, offset, (int) Math.min(left, length));
            left -= Math.max(0, count);
            return count;
        }
    }
}
