package org.counterex.registry.provider;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.SlotCell;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.api.backend.table.WideCell;

/** Table backend with a bounded capacity, slots that are used once each, and optionally no negative values. */
final class BoundedBackend extends TableBackend {

    private final long capacity;
    private final long lowest;

    /** Thrown on insertion of a counter; null for none. */
    volatile Throwable failure;

    /** Run when a table releases slots, which is the last step of a move to this backend. */
    volatile Runnable onSlotsReleased = () -> {};

    BoundedBackend(String name, long capacity, boolean signed) {
        super("bounded", name, OptionalLong.of(capacity));
        this.capacity = capacity;
        lowest = signed ? -Long.MAX_VALUE : 0;
    }

    @Override
    protected CellTable newTable(String namespace) {
        return new Table(namespace);
    }

    @Override
    protected Map<String, String> details() {
        return Map.of();
    }

    private final class Table extends CellTable {

        /** Number of slots beyond the capacity, for counters that replace deleted ones. */
        private static final long SPARE = 2;

        private final ConcurrentMap<String, Cell> cells = new ConcurrentHashMap<>();
        private final AtomicLong slots = new AtomicLong(capacity + SPARE);

        Table(String namespace) {
            super(namespace, capacity, lowest);
        }

        @Override
        public long inc(String key, long step) {
            Cell cell = cells.get(key);
            return cell == null ? Cell.SEALED : cell.inc(step);
        }

        @Override
        public long add(String key, long step) {
            return inc(key, step);
        }

        @Override
        public long get(String key) {
            Cell cell = cells.get(key);
            return cell == null ? Cell.SEALED : cell.get();
        }

        @Override
        public Cell find(String key) {
            return cells.get(key);
        }

        @Override
        public void forEachKey(Consumer<String> action) {
            cells.keySet().forEach(action);
        }

        @Override
        protected long link(String key, Cell from) {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            long[] slot = SlotCell.sealed(1);
            if (!Cell.hasHeadroom(from.get())) {
                KeyedCell wide = new WideCell(key);
                wide.seal();
                cells.put(key, wide);
                long value = from.seal();
                wide.init(value);
                return value;
            }
            cells.put(key, new SlotCell(slot, 0, lowest < 0));
            long value = from.seal();
            SlotCell.init(slot, 0, value);
            return value;
        }

        @Override
        protected void replace(String key, Cell sealed, KeyedCell successor) {
            cells.replace(key, successor);
        }

        @Override
        protected void unlink(String key, Cell sealed) {
            cells.remove(key, sealed);
        }

        @Override
        protected boolean reserveSlots(long count) {
            long before;
            do {
                before = slots.get();
                if (before < count) {
                    return false;
                }
            } while (!slots.compareAndSet(before, before - count));
            return true;
        }

        @Override
        protected void releaseSlots(long count) {
            slots.addAndGet(count);
            onSlotsReleased.run();
        }
    }
}
