package org.counterex.backend.mvstore.provider;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.DataType;

/**
 * Values of another type with a checksum behind each page of them. The store checks where a page lies and how long it is,
 * but not what is in it, and a bit that has tipped over would be a count that nobody made.
 */
final class CheckedType<T> extends BasicDataType<T> {

    private final DataType<T> type;

    CheckedType(DataType<T> type) {
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
        int begin = buffer.position();
        type.write(buffer, storage, length);
        ByteBuffer written = buffer.getBuffer().duplicate();
        written.flip().position(begin);
        buffer.putInt(sum(written));
    }

    @Override
    public void read(ByteBuffer buffer, Object storage, int length) {
        ByteBuffer read = buffer.duplicate();
        try {
            type.read(buffer, storage, length);
        } catch (RuntimeException e) {
            throw damaged(e);
        }
        read.limit(buffer.position());
        if (buffer.remaining() < Integer.BYTES || buffer.getInt() != sum(read)) {
            throw damaged(null);
        }
    }

    private static int sum(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    private static MVStoreException damaged(RuntimeException cause) {
        return DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "checksum of a page does not match", cause);
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
