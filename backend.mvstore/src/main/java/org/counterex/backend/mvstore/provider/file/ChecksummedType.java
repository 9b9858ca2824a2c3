package org.counterex.backend.mvstore.provider.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.DataType;

/**
 * Data type that appends a checksum to each page of values of another type. The store checks the position and the
 * length of a page but not its contents, so that a flipped bit would be read as a valid value.
 */
final class ChecksummedType<T> extends BasicDataType<T> {

    private final DataType<T> type;

    ChecksummedType(DataType<T> type) {
        this.type = type;
    }

    @Override
    public int getMemory(T value) {
        return type.getMemory(value);
    }

    @Override
    public int compare(T a, T b) {
        return type.compare(a, b);
    }

    @Override
    public int binarySearch(T key, Object storage, int size, int initialGuess) {
        return type.binarySearch(key, storage, size, initialGuess);
    }

    @Override
    public T[] createStorage(int size) {
        return type.createStorage(size);
    }

    @Override
    public void write(WriteBuffer buffer, Object storage, int length) {
        int start = buffer.position();
        type.write(buffer, storage, length);
        ByteBuffer written = buffer.getBuffer().duplicate();
        written.flip().position(start);
        buffer.putInt(checksum(written));
    }

    @Override
    public void read(ByteBuffer buffer, Object storage, int length) {
        ByteBuffer read = buffer.duplicate();
        try {
            type.read(buffer, storage, length);
        } catch (RuntimeException e) {
            throw mismatch(e);
        }
        read.limit(buffer.position());
        if (buffer.remaining() < Integer.BYTES || buffer.getInt() != checksum(read)) {
            throw mismatch(null);
        }
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    private static MVStoreException mismatch(RuntimeException cause) {
        return FileErrors.corrupt("page checksum mismatch", cause);
    }

    @Override
    public void write(WriteBuffer buffer, T value) {
        type.write(buffer, value);
    }

    @Override
    public T read(ByteBuffer buffer) {
        return type.read(buffer);
    }
}
