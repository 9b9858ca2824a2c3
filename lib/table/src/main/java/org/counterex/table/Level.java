package org.counterex.table;

import static org.counterex.api.backend.table.CellLookup.FORWARD;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.counterex.api.backend.table.CellLookup;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.WideCell;

/**
 * One array of a {@link HashTable}: open addressing with linear probing, where the entries are the cells.
 *
 * <p><b>States of an entry</b>, and the threads that change them:
 *
 * <pre>
 *   null ----> cell of K ----> another cell of K ----> ... ----> REMOVED
 *     \        (all by the holder of the key lock of K; the first also by the copier, in the level that it fills)
 *      `-----> FORWARD  (by the copier, in the level that it empties, or by a thread that was about to put a cell here)
 * </pre>
 *
 * <p><b>Invariant.</b> REMOVED and FORWARD are final, and an entry never becomes null again, so an entry belongs to one
 * key forever. A cell is put by compare-and-set into the first null entry at or after the start position of its key. As
 * non-null entries stay non-null, the first null entry only ever moves further from the start position. Therefore the
 * first of several cells of a key is the one that was put first, and a search that reaches FORWARD continues in the
 * next level for good.
 *
 * <p><b>Growth.</b> There is one copier at a time. It publishes {@code next} first. From then on no new cell is put
 * here: a thread that is about to do so puts FORWARD and continues in the next level. The copier visits the entries in
 * order, replaces null by FORWARD, and puts cells unchanged, sealed or not, into the next level. When it has finished,
 * all new calls start there. Cells keep their identity, so references to them stay valid.
 *
 * <p><b>Replacement and removal during growth.</b> The holder of the key lock changes this level first, then the next
 * one if the key is there. The copier puts the old cell into the next level first, then reads the entry here again; if
 * it has changed, the copier applies the same change to the copy. Of the two, the later one sees the write of the
 * other.
 *
 * <p><b>Accepted races.</b> For a short time the next level may contain a sealed cell that is no longer here. If its
 * key gets a new cell meanwhile, either the new cell precedes it, or the inserting thread passes the sealed cell and
 * removes it. A thread that still reads an emptied level finds either a live cell, which is the current one; or a
 * sealed one, after which it repeats the look-up under the key lock; or FORWARD, after which it continues in the next
 * level.
 */
final class Level {

    /** Entry of a removed cell. Its key equals no other, as no counter has an empty key. */
    private static final KeyedCell REMOVED = sealedCell();

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(KeyedCell[].class);

    private static final int MIN_LENGTH = 16;

    private final KeyedCell[] entries;
    private final int limit;

    /** Entries reserved by inserting threads and the copier before use: an upper bound of those in use. */
    private final AtomicInteger used = new AtomicInteger();

    private volatile Level next;

    /**
     * Creates an empty level. It is a quarter full after the cells were copied and grows at three eighths, so that
     * searches are short and an entry and its cell take at most 48 bytes.
     *
     * @param cells number of cells that the copier may put
     */
    Level(int cells) {
        entries = new KeyedCell[Math.max(MIN_LENGTH, Math.multiplyExact(4, cells))];
        limit = (int) (3L * entries.length / 8);
    }

    private static KeyedCell sealedCell() {
        KeyedCell cell = new WideCell("");
        cell.seal();
        return cell;
    }

    /** Returns the array itself, for {@link CellLookup#search}. */
    KeyedCell[] entries() {
        return entries;
    }

    /** Returns the level that replaces this one, or null before growth. */
    Level next() {
        return next;
    }

    private int after(int index) {
        return index + 1 == entries.length ? 0 : index + 1;
    }

    /**
     * Reserves an entry for one call of {@link #put}.
     *
     * @return false if the level is full: the caller has to create the next level first
     */
    boolean tryReserve() {
        return next != null || used.incrementAndGet() <= limit;
    }

    /**
     * Puts the cell of an absent key here, or ensures that searches for the key continue in the next level. <em>Key
     * lock.</em>
     *
     * @return whether the cell was put here
     */
    boolean put(KeyedCell cell) {
        for (int i = CellLookup.home(cell.hash(), entries.length); ; i = after(i)) {
            KeyedCell found = entry(i);
            if (found == null) {
                KeyedCell entry = next == null ? cell : FORWARD;
                found = (KeyedCell) ENTRY.compareAndExchange(entries, i, (KeyedCell) null, entry);
                if (found == null) {
                    return entry == cell;
                }
            }
            if (found == FORWARD) {
                return false;
            }
            if (isSameKey(cell, found)) {
                // The copy of a removed cell: a search must not find it before the new one.
                ENTRY.setVolatile(entries, i, REMOVED);
            }
        }
    }

    /** Replaces a sealed cell by its successor if its key is here. <em>Key lock.</em> */
    void replace(KeyedCell sealed, KeyedCell successor) {
        for (int i = CellLookup.home(sealed.hash(), entries.length); ; i = after(i)) {
            KeyedCell found = entry(i);
            if (found == null || found == FORWARD) {
                return;
            }
            if (isSameKey(sealed, found)) {
                ENTRY.setVolatile(entries, i, successor);
                return;
            }
        }
    }

    /** Removes a sealed cell if its key is here. <em>Key lock.</em> */
    void remove(KeyedCell sealed) {
        replace(sealed, REMOVED);
    }

    /** Passes every key that has a cell here to an action. */
    void forEachKey(Consumer<String> action) {
        for (int i = 0; i < entries.length; i++) {
            KeyedCell entry = entry(i);
            if (isCell(entry)) {
                action.accept(entry.key());
            }
        }
    }

    /** Creates the next level and fills it. For one copier at a time, on the level where new calls start. */
    Level grow() {
        Level filled = begin();
        for (int i = 0; i < entries.length; i++) {
            KeyedCell cell = leave(i);
            if (isCell(cell)) {
                int copy = filled.take(cell);
                // ORDER volatile: read after the copy was put, so that a thread that changes the entry later finds the
                // copy.
                KeyedCell now = entry(i);
                if (now != cell) {
                    filled.reconcileCopy(copy, cell, now);
                }
            }
        }
        return filled;
    }

    /** Publishes the next level, the first step of growth: from now on no cell is put here. */
    Level begin() {
        int removed = 0;
        for (int i = 0; i < entries.length; i++) {
            removed += entry(i) == REMOVED ? 1 : 0;
        }
        next = new Level(used.get() - removed);
        return next;
    }

    /** Replaces an empty entry by FORWARD, the first step for an entry; returns the entry found. */
    KeyedCell leave(int index) {
        return (KeyedCell) ENTRY.compareAndExchange(entries, index, (KeyedCell) null, FORWARD);
    }

    /** Copies a cell into this level, the second step for a cell; returns its index. */
    int take(KeyedCell cell) {
        used.incrementAndGet();
        int i = CellLookup.home(cell.hash(), entries.length);
        while (!ENTRY.compareAndSet(entries, i, (KeyedCell) null, cell)) {
            i = after(i);
        }
        return i;
    }

    /**
     * Applies to a copy the change that was made to the original meanwhile, the last step; no effect if already
     * applied.
     */
    void reconcileCopy(int copy, KeyedCell cell, KeyedCell now) {
        ENTRY.compareAndSet(entries, copy, cell, now);
    }

    KeyedCell entry(int index) {
        return (KeyedCell) ENTRY.getVolatile(entries, index);
    }

    static boolean isCell(KeyedCell entry) {
        return entry != null && entry != REMOVED && entry != FORWARD;
    }

    private static boolean isSameKey(KeyedCell cell, KeyedCell other) {
        return other.hash() == cell.hash() && other.key().equals(cell.key());
    }
}
