package org.counterex.api.backend.table;

/** A cell that is an object of its own and knows its key, so that it can be the entry of a hash table itself. */
public abstract sealed class KeyedCell extends Cell permits WordCell, StripedCell, WideCell {

    private final int hash;
    private final String key;

    KeyedCell(String key) {
        this.hash = hash(key);
        this.key = key;
    }

    /**
     * Spreads the hash code of a key over the upper bits of a number: an index into an array is to be taken from there.
     * Keys that are numbered, as they often are, fall far apart.
     */
    public static int hash(String key) {
        return key.hashCode() * 0x9E3779B1; // the prime next to 2^32 / golden ratio: Knuth, TAOCP 3, 6.4
    }

    /** {@link #hash(String)} of the key, kept here to spare comparing keys. */
    public final int hash() {
        return hash;
    }

    /** The key of the counter. */
    public final String key() {
        return key;
    }

    /**
     * Gives a cell its first value. For the holder of the key lock, on a cell that nobody counts on yet: a new one, or
     * one that has been sealed since it was made and only keeps a place.
     */
    public abstract void init(long value);
}
