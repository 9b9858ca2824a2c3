package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The way of a call to an existing counter by name: what may be done without any lock. It is a class and not an
 * interface because the dispatch is a little cheaper, and this is where every call passes.
 */
@ProviderType
public abstract class CellLookup {

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(KeyedCell[].class);

    /** Ends a search in an {@link #index}: the key, if it is there, is to be looked for in another way. */
    public static final KeyedCell FORWARD = forward();

    /**
     * The cells as an open hash table, which callers search themselves: beside the cell's own step, a call of a method that
     * differs from table to table was the dearest part of a call. Null where counters are found in another way; what is not
     * found here has to be asked for by the methods.
     */
    private volatile KeyedCell[] index;

    private static KeyedCell forward() {
        KeyedCell cell = new WideCell("");
        cell.seal();
        return cell;
    }

    /** The cells, to be searched by {@link #search}; null if there is no such array. */
    public final KeyedCell[] index() {
        return index;
    }

    /** Has callers search an array from now on. It is no shorter than one cell and never full. */
    protected final void index(KeyedCell[] cells) {
        index = cells;
    }

    /**
     * The cell of a key, which may be sealed; null if it has none; {@link #FORWARD} if it has to be looked for elsewhere.
     * Each key lies between its {@link #home} and the next null or {@link #FORWARD}.
     */
    public static KeyedCell search(KeyedCell[] cells, String key) {
        int hash = KeyedCell.hash(key);
        for (int i = home(hash, cells.length); ; ) {
            // ORDER acquire: pairs with the compare-and-set that puts a cell.
            KeyedCell entry = (KeyedCell) ENTRY.getAcquire(cells, i);
            // Asked the other way round, equals took a sixth longer for the whole call.
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

    /** Where the search for a key begins: the upper bits of the hash as a fraction, of any length. */
    public static int home(int hash, int length) {
        return (int) (Integer.toUnsignedLong(hash) * length >>> 32);
    }

    /**
     * Adds a step that is {@link Cell#isSmallStep small} to an existing counter.
     *
     * @param key any string, not null
     * @return a raw result; {@link Cell#SEALED} if there is no such counter, or if that cannot be told without a lock
     */
    public abstract long inc(String key, long step);

    /**
     * Adds as {@link #inc} does, where the value need not be told.
     *
     * @return a raw result that is ordinary, {@link Cell#APPLIED_UNREAD} or gone; if it is ordinary it need not be the value
     */
    public abstract long add(String key, long step);

    /** The value of an existing counter if it is ordinary; otherwise any number that is not. */
    public abstract long get(String key);
}
