package org.counterex.api.backend.table;

/** Cell that is an object of its own and has its key, so that it can itself be the entry of a hash table. */
public abstract sealed class KeyedCell extends Cell permits WordCell, StripedCell, WideCell {

    private final int hash;
    private final String key;

    KeyedCell(String key) {
        this.hash = hash(key);
        this.key = key;
    }

    /**
     * Returns the hash code of a key, spread over the upper bits, from which an index is to be derived. Keys that
     * differ in a number only, as is common, are spread far apart.
     */
    public static int hash(String key) {
        return key.hashCode() * 0x9E3779B1; // the prime next to 2^32 / golden ratio: Knuth, TAOCP 3, 6.4
    }

    /** Returns {@link #hash(String)} of the key, which is stored to avoid most comparisons of keys. */
    public final int hash() {
        return hash;
    }

    /** Returns the key of the counter. */
    public final String key() {
        return key;
    }

    /**
     * Sets the first value of a cell. For the holder of the key lock, on a cell that no other thread uses: a new one,
     * or one that was sealed right after its creation as a placeholder.
     */
    public abstract void init(long value);
}
