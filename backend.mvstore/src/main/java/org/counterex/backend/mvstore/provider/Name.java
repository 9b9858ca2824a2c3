package org.counterex.backend.mvstore.provider;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * The name of a counter in a file.
 *
 * @param namespace the number of its namespace
 */
record Name(long namespace, String key) implements Comparable<Name> {

    @Override
    public int compareTo(Name other) {
        return namespace == other.namespace ? key.compareTo(other.key) : Long.compare(namespace, other.namespace);
    }

    /** How a name is written. */
    static final class Type extends BasicDataType<Name> {

        private static final int MEMORY = 72;

        @Override
        public int getMemory(Name name) {
            return MEMORY + 2 * name.key.length();
        }

        @Override
        public int compare(Name a, Name b) {
            return a.compareTo(b);
        }

        @Override
        public Name[] createStorage(int size) {
            return new Name[size];
        }

        @Override
        public void write(WriteBuffer buffer, Name name) {
            int length = name.key.length();
            buffer.putVarLong(name.namespace).putVarInt(length).putStringData(name.key, length);
        }

        @Override
        public Name read(ByteBuffer buffer) {
            return new Name(DataUtils.readVarLong(buffer), DataUtils.readString(buffer));
        }
    }
}
