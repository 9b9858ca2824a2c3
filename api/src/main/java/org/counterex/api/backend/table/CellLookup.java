package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Lock-free look-up of an existing counter by name, and the operations on it that require no lock. A class and not an interface,
 * because its dispatch is slightly cheaper and every call passes through it.
 */
@ProviderType
public abstract class CellLookup {

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(KeyedCell[].class);

    /** Ends a search in an {@link #index}: the key, if present, has to be looked up by the methods. */
    public static final KeyedCell FORWARD = forward();

    /**
     * The cells as an open hash table, which callers search themselves: apart from the update of the cell, a call of a method that
     * differs from table to table was the most expensive part of an operation. Null if cells are found in another way; a key that
     * is not found here has to be looked up by the methods.
     */
    private volatile KeyedCell[] index;

    private static KeyedCell forward() {
        KeyedCell cell = new WideCell("");
        cell.seal();
        return cell;
    }

    /** Returns the array to be searched by {@link #search}; null if there is none. */
    public final KeyedCell[] index() {
        return index;
    }

    /** Sets the array that callers search from now on. It has at least one element and is never full. */
    protected final void index(KeyedCell[] cells) {
        index = cells;
    }

    /**
     * Returns the cell of a key, which may be sealed; null if there is none; {@link #FORWARD} if it has to be looked up by the methods.
     * Each key is between its {@linkplain #home home index} and the next null or {@link #FORWARD}.
     */
    public static KeyedCell search(KeyedCell[] cells, String key) {
        int hash = KeyedCell.hash(key);
        for (int i = home(hash, cells.length); ; ) {
            // ORDER acquire: pairs with the compare-and-set that inserts a cell.
            KeyedCell entry = (KeyedCell) ENTRY.getAcquire(cells, i);
            // With the operands of equals exchanged the whole call took a sixth longer.
            if (entry == null || entry.key() == key || entry.hash() == hash && key.equals(entry.key())) {
                return entry;
            }
            if (entry == FORWARD) {
                return entry;
            }
            if (++i == cells.length) {
                i = 0;
            }
        }
    }

    /** Returns the home index of a hash code, where the search begins: its upper bits as a fraction of the length. */
    public static int home(int hash, int length) {
        return (int) (Integer.toUnsignedLong(hash) * length >>> 32);
    }

    /**
     * Adds a {@linkplain Cell#isSmallStep small} step to an existing counter.
     *
     * @param key any string, not null
     * @return a raw result; {@link Cell#SEALED} if there is no such counter, or if a lock is required to find out
     */
    public abstract long inc(String key, long step);

    /**
     * Adds a step as {@link #inc} does, if the value is not required.
     *
     * @return a raw result that is fast, {@link Cell#APPLIED_UNREAD} or sealed; a fast one need not be the value
     */
    public abstract long add(String key, long step);

    /** Returns the value of an existing counter if it is a fast result; otherwise any number that is not one. */
    public abstract long get(String key);
}
