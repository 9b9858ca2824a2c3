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
 * One array of an {@link HashTable}: open addressing with linear probing, where the entries are the cells.
 *
 * <p><b>States of an entry</b>, and who changes them:
 *
 * <pre>
 *   null ----> cell of K ----> another cell of K ----> ... ----> REMOVED
 *     \        (all by the holder of the key lock of K; the first also by the copier, who fills this level)
 *      `-----> FORWARD  (the copier, who empties this level, or who would have put a cell here)
 * </pre>
 *
 * <p>REMOVED and FORWARD are final, and null never comes back, so an entry is of one key for ever. Cells of a key are put,
 * by compare-and-set from null, in the first empty entry (null or FORWARD) behind its home; that entry only ever moves
 * away from the home. Hence of several cells of a key the first is the one that was put first; FORWARD there means for
 * good that the key is to be looked for in the next level.
 *
 * <p><b>Growth.</b> There is one copier at a time. It publishes {@code next} first; from then on nobody puts a new cell
 * here: who would have done so puts FORWARD and goes on. The copier goes through the entries, puts FORWARD in the place
 * of null, and cells as they are, sealed or not, into the next level. When it has finished, all new calls begin there.
 * Cells keep their identity, so whoever holds one does not notice.
 *
 * <p><b>A cell that is replaced or removed while it is copied.</b> The holder of the key lock changes this level first and
 * then the next one, if the key is there. The copier puts the old cell there first and then looks whether it still stands
 * here; if not, it does the same to the copy. Whoever is later sees what the other did. Meanwhile a sealed cell may stand
 * in the next level that stands here no longer. If its key gets a new cell at that time, that one either comes before it,
 * or its inserter passes the sealed one and removes it.
 *
 * <p><b>Late threads.</b> Who still reads a level that was left finds a cell that is alive, and that is the right one; or
 * a sealed one, and then has to ask under the key lock; or nothing, and then FORWARD leads on.
 */
final class Level {

    /** In the place of a cell that was removed. No counter has an empty name. */
    private static final KeyedCell REMOVED = sealed();

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(KeyedCell[].class);

    private static final int SHORTEST = 16;

    private final KeyedCell[] entries;
    private final int limit;

    /** Entries that inserters and the copier were given, who ask first: never fewer than there are, perhaps a few more. */
    private final AtomicInteger used = new AtomicInteger();

    private volatile Level next;

    /**
     * Makes an empty level: as wide as it may become (a quarter full when it is filled, and left when it is full to three
     * eighths), so that few probes miss and that an entry and its cell take at most 48 bytes.
     *
     * @param cells that the copier may put
     */
    Level(int cells) {
        entries = new KeyedCell[Math.max(SHORTEST, Math.multiplyExact(4, cells))];
        limit = (int) (3L * entries.length / 8);
    }

    private static KeyedCell sealed() {
        KeyedCell cell = new WideCell("");
        cell.seal();
        return cell;
    }

    /** The array itself, for {@link CellLookup#search}. */
    KeyedCell[] entries() {
        return entries;
    }

    /** The level that takes over from this one; null while there is none. */
    Level next() {
        return next;
    }

    private int after(int index) {
        return index + 1 == entries.length ? 0 : index + 1;
    }

    /** Whether {@link #put} may be called, once; otherwise the next level has to be made first. */
    boolean tryReserve() {
        return next != null || used.incrementAndGet() <= limit;
    }

    /**
     * Puts the cell of an absent key here, or sees to it that the key is looked for in the next level. <em>Key lock.</em>
     *
     * @return whether it is here
     */
    boolean put(KeyedCell cell) {
        for (int i = CellLookup.home(cell.hash(), entries.length); ; i = after(i)) {
            KeyedCell met = entry(i);
            if (met == null) {
                KeyedCell mine = next == null ? cell : FORWARD;
                met = (KeyedCell) ENTRY.compareAndExchange(entries, i, (KeyedCell) null, mine);
                if (met == null) {
                    return mine == cell;
                }
            }
            if (met == FORWARD) {
                return false;
            }
            if (isOf(cell, met)) {
                // A removed one that the copier carried along: nobody may find it before the new one.
                ENTRY.setVolatile(entries, i, REMOVED);
            }
        }
    }

    /** Puts another cell in the place of a sealed one, if its key is here. <em>Key lock.</em> */
    void replace(KeyedCell sealed, KeyedCell successor) {
        for (int i = CellLookup.home(sealed.hash(), entries.length); ; i = after(i)) {
            KeyedCell met = entry(i);
            if (met == null || met == FORWARD) {
                return;
            }
            if (isOf(sealed, met)) {
                ENTRY.setVolatile(entries, i, successor);
                return;
            }
        }
    }

    /** Takes a sealed cell out, if its key is here. <em>Key lock.</em> */
    void remove(KeyedCell sealed) {
        replace(sealed, REMOVED);
    }

    /** Shows every key that has an entry here. */
    void forEachKey(Consumer<String> action) {
        for (int i = 0; i < entries.length; i++) {
            KeyedCell entry = entry(i);
            if (isCell(entry)) {
                action.accept(entry.key());
            }
        }
    }

    /** Makes the next level and fills it. For one copier at a time, on the level where new calls begin. */
    Level grow() {
        Level filled = begin();
        for (int i = 0; i < entries.length; i++) {
            KeyedCell cell = leave(i);
            if (isCell(cell)) {
                int copy = filled.take(cell);
                // ORDER volatile: read after the copy was put, so that who changes it later finds the copy himself.
                KeyedCell now = entry(i);
                if (now != cell) {
                    filled.reconcileCopy(copy, cell, now);
                }
            }
        }
        return filled;
    }

    /** The first step of growth: from here on no cells are put here. */
    Level begin() {
        int removed = 0;
        for (int i = 0; i < entries.length; i++) {
            removed += entry(i) == REMOVED ? 1 : 0;
        }
        next = new Level(used.get() - removed);
        return next;
    }

    /** The first step for an entry: if it is empty, leads on from it; otherwise tells what it is. */
    KeyedCell leave(int index) {
        return (KeyedCell) ENTRY.compareAndExchange(entries, index, (KeyedCell) null, FORWARD);
    }

    /** The second step for a cell, on the next level: puts it there, and tells where. */
    int take(KeyedCell cell) {
        used.incrementAndGet();
        int i = CellLookup.home(cell.hash(), entries.length);
        while (!ENTRY.compareAndSet(entries, i, (KeyedCell) null, cell)) {
            i = after(i);
        }
        return i;
    }

    /** The last step for a cell that was replaced or removed meanwhile: the same for the copy, unless it has been done. */
    void reconcileCopy(int copy, KeyedCell cell, KeyedCell now) {
        ENTRY.compareAndSet(entries, copy, cell, now);
    }

    KeyedCell entry(int index) {
        return (KeyedCell) ENTRY.getVolatile(entries, index);
    }

    static boolean isCell(KeyedCell entry) {
        return entry != null && entry != REMOVED && entry != FORWARD;
    }

    private static boolean isOf(KeyedCell cell, KeyedCell other) {
        return other.hash() == cell.hash() && other.key().equals(cell.key());
    }
}
