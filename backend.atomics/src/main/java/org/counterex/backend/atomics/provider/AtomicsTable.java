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
 * Bounded table of counters in two arrays that are allocated at once: keys, and at the same index their values. At full
 * capacity a counter takes 24 bytes and its key.
 *
 * <p><b>States of a slot</b>, all changed by the holder of the key lock of K:
 *
 * <pre>
 *   key    null ----> K ---------> K ------> DELETED
 *   value  sealed     sealed ----> live ---> sealed
 *
 *                                   `------> cell of K ----> DELETED    (the value has left the range of a slot)
 *                                            sealed          sealed
 * </pre>
 *
 * <p><b>Invariant.</b> A slot belongs to one key forever. A late access therefore reaches either the live slot of its
 * own key or a sealed one, where it has no effect.
 *
 * <p><b>Room.</b> As slots are never reused, they are used up. There are half as many again as counters; after that the
 * table is {@link org.counterex.api.backend.table.CellTable.Room#EXHAUSTED exhausted}.
 *
 * <p><b>Look-up</b> is by linear probing: each key is between its start position and the next null. At least a quarter
 * of the array stays null.
 */
final class AtomicsTable extends CellTable {

    private static final Object DELETED = new Object();

    private static final VarHandle KEY = MethodHandles.arrayElementVarHandle(Object[].class);

    private final boolean signed;
    private final Object[] keys;
    private final long[] slots;

    /** Slots that are neither used nor reserved. */
    private final AtomicLong freeSlots;

    /** @param capacity from 1 to {@link AtomicsBackend#MAX_CAPACITY} */
    AtomicsTable(String namespace, int capacity, boolean signed) {
        super(namespace, capacity, signed ? -Long.MAX_VALUE : 0);
        this.signed = signed;
        int usable = capacity + Math.max(16, capacity / 2);
        freeSlots = new AtomicLong(usable);
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

    /** Returns the index of the live slot of a key, or -1 if it has none. */
    private int slotOf(String key) {
        for (int i = startOf(key); ; ) {
            // ORDER acquire: pairs with the compare-and-set that puts a key.
            Object entry = KEY.getAcquire(keys, i);
            if (entry == key || key.equals(entry)) {
                return i;
            }
            if (entry == null) {
                return -1;
            }
            if (++i == keys.length) {
                i = 0;
            }
        }
    }

    @Override
    public Cell find(String key) {
        for (int i = startOf(key); ; i = after(i)) {
            Object entry = KEY.getVolatile(keys, i);
            if (entry == null) {
                return null;
            }
            if (entry.equals(key)) {
                return new SlotCell(slots, i, signed);
            }
            if (entry instanceof KeyedCell cell && cell.key().equals(key)) {
                return cell;
            }
        }
    }

    /** Returns the start position of a key: the upper bits of its hash as a fraction of the length. */
    private int startOf(String key) {
        return (int) (Integer.toUnsignedLong(KeyedCell.hash(key)) * keys.length >>> 32);
    }

    private int after(int index) {
        return index + 1 == keys.length ? 0 : index + 1;
    }

    @Override
    public void forEachKey(Consumer<String> action) {
        for (int i = 0; i < keys.length; i++) {
            String key = keyAt(i);
            if (key != null) {
                action.accept(key);
            }
        }
    }

    private String keyAt(int index) {
        Object entry = KEY.getVolatile(keys, index);
        return entry instanceof KeyedCell cell ? cell.key() : entry instanceof String key ? key : null;
    }

    @Override
    protected long link(String key, Cell from) {
        WideCell wide = from.fitsFast() ? null : new WideCell(key);
        int index = assignSlot(key);
        long value = from.seal();
        if (wide == null || Cell.hasHeadroom(value)) {
            SlotCell.init(slots, index, value);
        } else {
            wide.init(value);
            KEY.setVolatile(keys, index, wide);
        }
        return value;
    }

    /** Assigns a reserved slot to a key and returns its index; the value is still sealed. */
    private int assignSlot(String key) {
        int index = startOf(key);
        while (!KEY.compareAndSet(keys, index, null, key)) {
            index = after(index);
        }
        return index;
    }

    @Override
    protected void replace(String key, Cell sealed, KeyedCell successor) {
        KEY.setVolatile(keys, indexOf(key), successor);
    }

    @Override
    protected void unlink(String key, Cell sealed) {
        KEY.setVolatile(keys, indexOf(key), DELETED);
    }

    private int indexOf(String key) {
        int index = startOf(key);
        while (!key.equals(keyAt(index))) {
            index = after(index);
        }
        return index;
    }

    @Override
    protected boolean reserveSlots(long cells) {
        long before;
        do {
            before = freeSlots.get();
            if (cells > before) {
                return false;
            }
        } while (!freeSlots.compareAndSet(before, before - cells));
        return true;
    }

    @Override
    protected void releaseSlots(long cells) {
        freeSlots.addAndGet(cells);
    }
}
