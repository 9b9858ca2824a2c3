package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Lock-free look-up of an existing counter by key. A class and not an interface, because every call passes here and the
 * dispatch of a class is cheaper.
 */
@ProviderType
public abstract class CellLookup {

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(KeyedCell[].class);

    /**
     * Entry of an {@link #index} that ends a search: the key, if present, has to be looked up by the methods of the
     * table.
     */
    public static final KeyedCell FORWARD = forward();

    /**
     * The cells as an open-addressing hash table, which callers search themselves: apart from the step on the cell, the
     * virtual call of the table was the most expensive part of an operation. Null for a table of another structure. A
     * key that is not found here has to be looked up by the methods of the table.
     */
    private volatile KeyedCell @Nullable [] index;

    private static KeyedCell forward() {
        KeyedCell cell = new WideCell("");
        cell.seal();
        return cell;
    }

    /** Returns the array for {@link #search}; null if this table has none. */
    public final KeyedCell @Nullable [] index() {
        return index;
    }

    /** Publishes the array that callers search from now on. It has at least one element and is never full. */
    protected final void index(KeyedCell[] cells) {
        index = cells;
    }

    /**
     * Returns the cell of a key, which may be sealed; null if it is absent; {@link #FORWARD} if it has to be looked up
     * elsewhere. A cell lies between the {@linkplain #home first index} of its key and the next null or {@link
     * #FORWARD}.
     */
    public static @Nullable KeyedCell search(KeyedCell[] cells, String key) {
        int hash = KeyedCell.hash(key);
        for (int i = home(hash, cells.length); ; ) {
            // ORDER acquire: pairs with the compare-and-set that puts a cell.
            KeyedCell entry = (KeyedCell) ENTRY.getAcquire(cells, i);
            // entry.key().equals(key) instead made the whole call a sixth slower.
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

    /**
     * Returns the index at which the search for a key begins: the upper bits of the hash, scaled to an array of any
     * length.
     */
    public static int home(int hash, int length) {
        return (int) (Integer.toUnsignedLong(hash) * length >>> 32);
    }

    /**
     * Adds a {@linkplain Cell#isSmallStep small} step to an existing counter.
     *
     * @param key any string, not null
     * @return a raw result; {@link Cell#SEALED} if the counter is absent, or cannot be found without a lock
     */
    public abstract long inc(String key, long step);

    /**
     * Adds as {@link #inc} does, without the need to return the value.
     *
     * @return a raw result that is ordinary, {@link Cell#APPLIED_UNREAD} or sealed; an ordinary one need not be the
     *     value
     */
    public abstract long add(String key, long step);

    /** Returns the value of an existing counter if it is ordinary; otherwise any number that is not. */
    public abstract long get(String key);
}
