package org.counterex.tck;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.WideCell;

/** Faults in a table. */
final class TableFlaws {

    private static final long CAPACITY = 100;

    /**
     * One fault.
     *
     * @param name its description
     * @param tables creates a table with the fault
     * @param caughtBy the tests that have to fail on it, each by itself
     */
    record TableFlaw(String name, Supplier<CellTable> tables, List<String> caughtBy) {}

    static final List<TableFlaw> ALL = List.of(
            flaw(
                    "inc finds an absent counter",
                    () -> new Longs() {
                        @Override
                        public long inc(String key, long step) {
                            return find(key) == null ? 0 : super.inc(key, step);
                        }
                    },
                    "lookUp_ofAnAbsentKey_findsNothing"),
            flaw(
                    "inc returns the value before",
                    () -> new Longs() {
                        @Override
                        public long inc(String key, long step) {
                            long raw = super.inc(key, step);
                            return Cell.isFastResult(raw) ? raw - step : raw;
                        }
                    },
                    "lookUp_ofACounter_findsItByKeyAndCell",
                    "inc_whileItsCounterIsTransferred_returnsOneToN"),
            flaw(
                    "keys are distinguished by hash code only",
                    () -> new Longs() {
                        @Override
                        Map<String, Cell> newMap() {
                            return new ConcurrentSkipListMap<>(Comparator.comparing(String::hashCode));
                        }
                    },
                    "lookUp_ofManyKeys_findsEach"),
            flaw(
                    "a slot is not released by removal",
                    () -> new Longs() {
                        @Override
                        protected void unlink(String key, Cell sealed) {
                            cells().computeIfPresent(key + "*", (name, cell) -> sealed);
                        }

                        @Override
                        protected long link(String key, Cell from) {
                            Cell before = find(key);
                            long value = super.link(key, from);
                            cells().put(key, before == null ? find(key) : before);
                            return value;
                        }
                    },
                    "remove_ofACounter_returnsItsFinalValue"),
            flaw(
                    "a sealed cell is reused",
                    () -> new Longs() {
                        private final Map<String, KeyedCell> pool = new HashMap<>();

                        @Override
                        KeyedCell newCell(String key) {
                            KeyedCell used = pool.remove(key);
                            return used == null ? super.newCell(key) : used;
                        }

                        @Override
                        protected void unlink(String key, Cell sealed) {
                            super.unlink(key, sealed);
                            pool.put(key, (KeyedCell) sealed);
                        }
                    },
                    "cell_ofARemovedCounter_staysSealed"),
            flaw(
                    "a transfer reads and does not seal",
                    () -> new Longs() {
                        @Override
                        protected long link(String key, Cell from) {
                            return put(key, newCell(key), from.get());
                        }
                    },
                    "insert_ofAnyValue_transfersIt",
                    "insert_fromAnotherTable_transfersTheCounter",
                    "inc_whileCountersAreTransferred_countsEachAddition",
                    "inc_whileItsCounterIsTransferred_returnsOneToN",
                    "remove_whileCountersAreTransferred_takesEachAdditionOnce"),
            flaw(
                    "a transfer reads before it seals",
                    () -> new Longs() {
                        @Override
                        protected long link(String key, Cell from) {
                            long value = from.get();
                            Flaw.pause();
                            from.seal();
                            return put(key, newCell(key), value);
                        }
                    },
                    "inc_whileCountersAreTransferred_countsEachAddition",
                    "inc_whileItsCounterIsTransferred_returnsOneToN",
                    "remove_whileCountersAreTransferred_takesEachAdditionOnce"),
            flaw(
                    "a transfer publishes before it has the value",
                    () -> new Longs() {
                        @Override
                        protected long link(String key, Cell from) {
                            KeyedCell cell = newCell(key);
                            put(key, cell, 0);
                            Flaw.pause();
                            long value = from.seal();
                            cell.init(value);
                            return value;
                        }
                    },
                    "inc_whileCountersAreTransferred_countsEachAddition",
                    "inc_whileItsCounterIsTransferred_returnsOneToN"),
            flaw(
                    "every value is stored in a fast cell",
                    () -> new Longs() {
                        @Override
                        protected long link(String key, Cell from) {
                            return put(key, newCell(key), from.seal());
                        }
                    },
                    "insert_ofAnyValue_transfersIt",
                    "insert_ofAnyValue_continuesFromIt"),
            flaw(
                    "cells hold values below the lowest",
                    () -> new MapTable(CAPACITY, 0, LongCell::new),
                    "insert_belowTheLowest_increasesOnly"),
            flaw(
                    "the successor of a sealed cell is not inserted",
                    () -> new Longs() {
                        @Override
                        protected void replace(String key, Cell sealed, KeyedCell successor) {
                            // lost
                        }
                    },
                    "restore_ofASealedCounter_insertsIt",
                    "step_beyondWhatACellHolds_isExact",
                    "inc_withStepsBeyondACell_countsEachAddition"),
            flaw(
                    "there are fewer slots than the capacity",
                    () -> new Longs() {
                        private final AtomicLong slots = new AtomicLong(CAPACITY / 2);

                        @Override
                        protected boolean reserveSlots(long wanted) {
                            return slots.addAndGet(-wanted) >= 0;
                        }
                    },
                    "reserve_ofAllRoom_leavesNoneToNewCounters",
                    "reserve_ofMoreThanThereIs_reservesNothing",
                    "creation_upToTheCapacity_succeeds"),
            flaw(
                    "slots run out without EXHAUSTED",
                    () -> new Longs() {
                        private int slots = (int) CAPACITY * 5;

                        @Override
                        protected long link(String key, Cell from) {
                            if (--slots < 0) {
                                throw new IllegalStateException("no slot");
                            }
                            return super.link(key, from);
                        }
                    },
                    "room_ofRemovedCounters_isReused"),
            flaw(
                    "slots are written back as they were read",
                    () -> new Longs() {
                        private Map<String, Cell> slots = Map.of();

                        @Override
                        Map<String, Cell> cells() {
                            return slots;
                        }

                        @Override
                        long put(String key, KeyedCell cell, long value) {
                            Map<String, Cell> copy = new HashMap<>(slots);
                            Flaw.pause();
                            cell.init(value);
                            copy.put(key, cell);
                            slots = copy;
                            return value;
                        }

                        @Override
                        protected void unlink(String key, Cell sealed) {
                            Map<String, Cell> copy = new HashMap<>(slots);
                            copy.remove(key);
                            slots = copy;
                        }
                    },
                    "creation_ofRacingWriters_keepsEach"),
            flaw(
                    "the kind of a cell is chosen by a value that may change",
                    () -> new Longs() {
                        @Override
                        protected long link(String key, Cell from) {
                            KeyedCell cell = Cell.hasHeadroom(from.get()) ? newCell(key) : new WideCell(key);
                            Flaw.pause();
                            return put(key, cell, from.seal());
                        }
                    },
                    "insert_ofAChangingCounter_hasTheFinalValue"),
            flaw(
                    "keys are iterated by position",
                    () -> new Longs() {
                        @Override
                        public void forEachKey(Consumer<String> action) {
                            for (int position = 0; ; position++) {
                                String[] keys = new TreeSet<>(cells().keySet()).toArray(String[]::new);
                                if (position >= keys.length) {
                                    return;
                                }
                                action.accept(keys[position]);
                                Flaw.pause();
                            }
                        }
                    },
                    "forEachKey_whoseActionChangesTheTable_passesEachKey",
                    "forEachKey_whileOthersChange_passesWhatIsPresent"),
            flaw(
                    "room is lost in concurrent reservations",
                    () -> new Longs() {
                        private final AtomicInteger inside = new AtomicInteger();
                        private final AtomicLong slots = new AtomicLong(CAPACITY);

                        @Override
                        protected boolean reserveSlots(long wanted) {
                            boolean alone = inside.getAndIncrement() == 0;
                            Flaw.pause();
                            inside.decrementAndGet();
                            return slots.addAndGet(-wanted) >= 0 && alone;
                        }
                    },
                    "reserve_withRacingCreators_grantsTheRoom"));

    private TableFlaws() {}

    private static TableFlaw flaw(String name, Supplier<CellTable> tables, String... caughtBy) {
        return new TableFlaw(name, tables, List.of(caughtBy));
    }

    private static class Longs extends MapTable {
        Longs() {
            super(CAPACITY, -Long.MAX_VALUE, LongCell::new);
        }
    }
}
