package org.counterex.bench;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.TableBackend;

/**
 * Table backend with an optional error: when a counter is transferred to it, it reads the value before it seals the
 * source. Between the two it waits shortly for an addition, so that the error shows soon. It supports small values
 * only.
 */
final class WeakBackend extends TableBackend {

    private static final long MAX_WAIT_NS = 200_000;

    private final boolean weak;

    WeakBackend(boolean weak) {
        super("weak", "weak", OptionalLong.empty());
        this.weak = weak;
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

        private final ConcurrentMap<String, KeyedCell> cells = new ConcurrentHashMap<>();

        Table(String namespace) {
            super(namespace, Long.MAX_VALUE, -Long.MAX_VALUE);
        }

        @Override
        public long inc(String key, long step) {
            return cells.get(key) instanceof LongCell cell ? cell.inc(step) : Cell.SEALED;
        }

        @Override
        public long add(String key, long step) {
            return inc(key, step);
        }

        @Override
        public long get(String key) {
            return cells.get(key) instanceof LongCell cell ? cell.get() : Cell.SEALED;
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
            LongCell cell = new LongCell(key);
            cell.seal();
            cells.put(key, cell);
            long early = from.get();
            long deadline = System.nanoTime() + MAX_WAIT_NS;
            while (from.get() == early && System.nanoTime() < deadline) {
                Thread.yield();
            }
            long last = from.seal();
            long value = weak ? early : last;
            cell.init(value);
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
    }
}
