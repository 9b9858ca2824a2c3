package org.counterex.backend.mvstore.provider.file;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * Key of a counter in the file; counters of one namespace are adjacent in the order of keys.
 *
 * @param namespace the number of the namespace, see {@link NamespaceChecksum#number}
 * @param key the key within the namespace
 */
record CounterKey(long namespace, String key) implements Comparable<CounterKey> {

    @Override
    public int compareTo(CounterKey other) {
        return namespace == other.namespace ? key.compareTo(other.key) : Long.compare(namespace, other.namespace);
    }

    /** Serialized form of a key. */
    static final class Type extends BasicDataType<CounterKey> {

        private static final int MEMORY = 72;

        @Override
        public int getMemory(CounterKey key) {
            return MEMORY + 2 * key.key.length();
        }

        @Override
        public int compare(CounterKey a, CounterKey b) {
            return a.compareTo(b);
        }

        @Override
        public CounterKey[] createStorage(int size) {
            return new CounterKey[size];
        }

        @Override
        public void write(WriteBuffer buffer, CounterKey key) {
            int length = key.key.length();
            buffer.putVarLong(key.namespace).putVarInt(length).putStringData(key.key, length);
        }

        @Override
        public CounterKey read(ByteBuffer buffer) {
            return new CounterKey(DataUtils.readVarLong(buffer), DataUtils.readString(buffer));
        }
    }
}
