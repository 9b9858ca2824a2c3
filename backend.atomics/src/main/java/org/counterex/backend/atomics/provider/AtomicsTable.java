package org.counterex.backend.atomics.provider;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.SlotCell;
import org.counterex.api.backend.table.WideCell;

/**
 * A fixed number of counters in two arrays that are made at once: a key, and at the same index its value. At full
 * capacity a counter takes 24 bytes and the key.
 *
 * <p><b>States of a place</b>, all changed by the holder of the key lock of K:
 *
 * <pre>
 *   key    null ----> K ---------> K ------> DELETED
 *   slot   sealed     sealed ----> live ---> sealed
 *
 *                                   `------> cell of K ----> DELETED    (the value has left the range of a slot)
 *                                            sealed          sealed
 * </pre>
 *
 * <p>A place is of one key for ever: what threads that are late do to a slot, they do to a slot that is live and theirs, or
 * to a sealed one, where it does nothing. So places are used up. There are half as many again as counters, then the table
 * is {@link org.counterex.api.backend.table.CellTable.Room#EXHAUSTED worn}. Linear probing finds a key: each key lies between its
 * home and the next null, and a third of the array is never used.
 */
final class AtomicsTable extends CellTable {

    private static final Object DELETED = new Object();

    private static final VarHandle KEY = MethodHandles.arrayElementVarHandle(Object[].class);

    private final boolean signed;
    private final Object[] keys;
    private final long[] slots;

    /** Places that are neither used nor kept. */
    private final AtomicLong places;

    /** @param capacity from 1 to {@link AtomicsBackend#MOST} */
    AtomicsTable(String namespace, int capacity, boolean signed) {
        super(namespace, capacity, signed ? -Long.MAX_VALUE : 0);
        this.signed = signed;
        int usable = capacity + Math.max(16, capacity / 2);
        places = new AtomicLong(usable);
        keys = new Object[usable + usable / 3 + 1];
        slots = SlotCell.sealed(keys.length);
    }

    @Override
    public long inc(String key, long step) {
        int index = slotOf(key);
        return index < 0 ? Cell.SEALED : SlotCell.inc(slots, index, signed, step);
    }

    @Override
    public long add(String key, long step) {
        return inc(key, step);
    }

    @Override
    public long get(String key) {
        int index = slotOf(key);
        Cell cell = index < 0 ? find(key) : null;
        return index >= 0 ? SlotCell.get(slots, index) : cell == null ? Cell.SEALED : cell.get();
    }

    /** The slot that counts for a key, -1 if none does. */
    private int slotOf(String key) {
        for (int i = home(key); ; ) {
            // ORDER acquire: pairs with the compare-and-set that puts a key.
            Object met = KEY.getAcquire(keys, i);
            if (met == key || key.equals(met)) {
                return i;
            }
            if (met == null) {
                return -1;
            }
            if (++i == keys.length) {
                i = 0;
            }
        }
    }

    @Override
    public Cell find(String key) {
        for (int i = home(key); ; i = after(i)) {
            Object met = KEY.getVolatile(keys, i);
            if (met == null) {
                return null;
            }
            if (met.equals(key)) {
                return new SlotCell(slots, i, signed);
            }
            if (met instanceof KeyedCell cell && cell.key().equals(key)) {
                return cell;
            }
        }
    }

    /** Where the search for a key begins: the upper bits of the hash as a fraction. */
    private int home(String key) {
        return (int) (Integer.toUnsignedLong(KeyedCell.hash(key)) * keys.length >>> 32);
    }

    private int after(int index) {
        return index + 1 == keys.length ? 0 : index + 1;
    }

    @Override
    public void forEachKey(Consumer<String> action) {
        for (int i = 0; i < keys.length; i++) {
            String key = keyIn(i);
            if (key != null) {
                action.accept(key);
            }
        }
    }

    private String keyIn(int index) {
        Object entry = KEY.getVolatile(keys, index);
        return entry instanceof KeyedCell cell ? cell.key() : entry instanceof String key ? key : null;
    }

    @Override
    protected long link(String key, Cell from) {
        WideCell wide = from.fitsFast() ? null : new WideCell(key);
        int index = take(key);
        long value = from.seal();
        if (wide == null || Cell.hasHeadroom(value)) {
            SlotCell.init(slots, index, value);
        } else {
            wide.init(value);
            KEY.setVolatile(keys, index, wide);
        }
        return value;
    }

    /** Takes a place, which was kept; its slot is still sealed. */
    private int take(String key) {
        int index = home(key);
        while (!KEY.compareAndSet(keys, index, null, key)) {
            index = after(index);
        }
        return index;
    }

    @Override
    protected void replace(String key, Cell sealed, KeyedCell successor) {
        KEY.setVolatile(keys, placeOf(key), successor);
    }

    @Override
    protected void unlink(String key, Cell sealed) {
        KEY.setVolatile(keys, placeOf(key), DELETED);
    }

    private int placeOf(String key) {
        int index = home(key);
        while (!key.equals(keyIn(index))) {
            index = after(index);
        }
        return index;
    }

    @Override
    protected boolean reserveSlots(long cells) {
        long before;
        do {
            before = places.get();
            if (cells > before) {
                return false;
            }
        } while (!places.compareAndSet(before, before - cells));
        return true;
    }

    @Override
    protected void releaseSlots(long cells) {
        places.addAndGet(cells);
    }
}
