package org.counterex.backend.mvstore.provider.file;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * Size and checksum of the counters of one namespace. It is updated with every change, so that keeping it costs almost
 * nothing; a reader of all counters of the namespace compares. A page of an older state, a missing page and a value
 * that was never written are thereby detected, wherever in the file the damage is.
 *
 * @param number identifies the namespace in the keys of its counters
 * @param size the number of counters
 * @param sum the sum of the hashes of all counters, which does not depend on their order
 */
record NamespaceChecksum(long number, long size, long sum) {

    private static final long PRIME = 0x100000001b3L;
    private static final long ODD = 0x9e3779b97f4a7c15L;

    NamespaceChecksum with(String key, long value) {
        return new NamespaceChecksum(number, size + 1, sum + hash(key, value));
    }

    NamespaceChecksum without(String key, long value) {
        return new NamespaceChecksum(number, size - 1, sum - hash(key, value));
    }

    /**
     * Returns the summand that stands for this checksum in the {@linkplain ChecksumIndex#sum() sum over all
     * namespaces}.
     */
    long hash(String namespace) {
        return hash(namespace, mix(mix(mix(number) + size) + sum));
    }

    /** Hashes a key and a value; two different pairs have the same hash with a probability of 1 in 2^64. */
    private static long hash(String key, long value) {
        long hash = mix(value);
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * PRIME;
        }
        return mix(hash);
    }

    /** Mixes the bits: each bit of the result depends on each bit of the argument. */
    private static long mix(long word) {
        long mixed = word + ODD;
        mixed = (mixed ^ mixed >>> 32) * ODD;
        mixed = (mixed ^ mixed >>> 29) * ODD;
        return mixed ^ mixed >>> 32;
    }

    /** Serialized form of a checksum. */
    static final class Type extends BasicDataType<NamespaceChecksum> {

        private static final int MEMORY = 40;

        @Override
        public int getMemory(NamespaceChecksum checksum) {
            return MEMORY;
        }

        @Override
        public NamespaceChecksum[] createStorage(int size) {
            return new NamespaceChecksum[size];
        }

        @Override
        public void write(WriteBuffer buffer, NamespaceChecksum checksum) {
            buffer.putVarLong(checksum.number).putVarLong(checksum.size).putLong(checksum.sum);
        }

        @Override
        public NamespaceChecksum read(ByteBuffer buffer) {
            return new NamespaceChecksum(
                    DataUtils.readVarLong(buffer), DataUtils.readVarLong(buffer), buffer.getLong());
        }
    }
}
