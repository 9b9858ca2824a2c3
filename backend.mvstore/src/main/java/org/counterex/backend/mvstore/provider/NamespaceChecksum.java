package org.counterex.backend.mvstore.provider;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * What the counters of a namespace in a file add up to. It is carried forward with every change, so it costs nothing to
 * have; who reads all of them compares. A page of another time, a page too few or a value that nobody has written does not
 * go unnoticed then, wherever in the file the damage is.
 *
 * @param number what stands for the namespace in its keys
 * @param size the number of counters
 * @param sum of the {@link #mark} of each; the order makes no difference
 */
record NamespaceChecksum(long number, long size, long sum) {

    private static final long PRIME = 0x100000001b3L;
    private static final long ODD = 0x9e3779b97f4a7c15L;

    NamespaceChecksum with(String key, long value) {
        return new NamespaceChecksum(number, size + 1, sum + mark(key, value));
    }

    NamespaceChecksum without(String key, long value) {
        return new NamespaceChecksum(number, size - 1, sum - mark(key, value));
    }

    /** Stands for this account in the sum of all. */
    long mark(String namespace) {
        return mark(namespace, mixed(mixed(mixed(number) + size) + sum));
    }

    /** A number that another key or value has by a chance of 1 in 2^64 only. */
    private static long mark(String key, long value) {
        long mark = mixed(value);
        for (int i = 0; i < key.length(); i++) {
            mark = (mark ^ key.charAt(i)) * PRIME;
        }
        return mixed(mark);
    }

    /** Every bit of the result depends on every bit of the argument. */
    private static long mixed(long word) {
        long mixed = word + ODD;
        mixed = (mixed ^ mixed >>> 32) * ODD;
        mixed = (mixed ^ mixed >>> 29) * ODD;
        return mixed ^ mixed >>> 32;
    }

    /** How an account is written. */
    static final class Type extends BasicDataType<NamespaceChecksum> {

        private static final int MEMORY = 40;

        @Override
        public int getMemory(NamespaceChecksum account) {
            return MEMORY;
        }

        @Override
        public NamespaceChecksum[] createStorage(int size) {
            return new NamespaceChecksum[size];
        }

        @Override
        public void write(WriteBuffer buffer, NamespaceChecksum account) {
            buffer.putVarLong(account.number).putVarLong(account.size).putLong(account.sum);
        }

        @Override
        public NamespaceChecksum read(ByteBuffer buffer) {
            return new NamespaceChecksum(
                    DataUtils.readVarLong(buffer), DataUtils.readVarLong(buffer), buffer.getLong());
        }
    }
}
