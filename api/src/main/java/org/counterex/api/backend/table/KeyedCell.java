package org.counterex.api.backend.table;

/** Cell that is an object with its key, so that it can itself be the entry of a hash table. */
public abstract sealed class KeyedCell extends Cell permits WordCell, StripedCell, WideCell {

    private final int hash;
    private final String key;

    KeyedCell(String key) {
        this.hash = hash(key);
        this.key = key;
    }

    /**
     * Returns the hash code of a key, spread over the upper bits, from which an array index is taken. Numbered keys, which are frequent,
     * are far apart.
     */
    public static int hash(String key) {
        return key.hashCode() * 0x9E3779B1; // the prime next to 2^32 / golden ratio: Knuth, TAOCP 3, 6.4
    }

    /** Returns {@link #hash(String)} of the key, stored to avoid comparing keys. */
    public final int hash() {
        return hash;
    }

    /** Returns the key of the counter. */
    public final String key() {
        return key;
    }

    /**
     * Sets a cell to its first value. For the holder of the key lock, on a cell that is not in use yet: a new one, or one that has been
     * sealed since it was created and only reserves its place.
     */
    public abstract void init(long value);
}
