package org.counterex.table;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellLookup;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.LongCell;
import org.junit.Test;

/**
 * Growth step by step: the steps of the copier are interleaved, in every possible order, with those of the holder of
 * the key lock of the counter that is being copied.
 */
public class LevelTest {

    private static final String KEY = "key";

    /** Sequences of calls by the holder of the key lock: r replaces the cell, d removes the counter, c creates it. */
    private static final List<String> SCRIPTS = scripts(4);

    /** Returns all scripts up to a length that start with the counter present. */
    private static List<String> scripts(int maxLength) {
        List<String> all = new ArrayList<>(List.of(""));
        for (int i = 0; i < all.size(); i++) {
            String script = all.get(i);
            if (script.length() < maxLength) {
                List<String> more = script.endsWith("d") ? List.of("c") : List.of("r", "d");
                more.forEach(next -> all.add(script + next));
            }
        }
        return all;
    }

    @Test
    public void growth_inEveryInterleaving_keepsTheCounter() {
        for (String script : SCRIPTS) {
            for (int early = 0; early < 2; early++) {
                int steps = Growth.STEPS + 2 * script.length();
                for (int order = 0; order < 1 << steps; order++) {
                    if (Integer.bitCount(order) == Growth.STEPS) {
                        new Growth(script, early == 0).run(order, steps);
                    }
                }
            }
        }
    }

    /** One growth of a level that contains one counter. */
    private static final class Growth {

        static final int STEPS = 6;
        static final int NONE = -1;

        private final String script;
        private final boolean othersFirst;
        private final Level from = new Level(0);
        private final int index;

        private KeyedCell live = new LongCell(KEY);
        private boolean busy;
        private int holderStep;
        private KeyedCell old;
        private boolean put;

        private int copierStep;
        private Level to;
        private KeyedCell copied;
        private int copy;
        private KeyedCell current;

        Growth(String script, boolean othersFirst) {
            this.script = script;
            this.othersFirst = othersFirst;
            assertTrue(from.tryReserve());
            assertTrue(from.put(live));
            index = Arrays.asList(from.entries()).indexOf(live);
        }

        /** @param order one bit for each step: 1 for the copier, 0 for the holder */
        void run(int order, int steps) {
            StringBuilder trace = new StringBuilder(script).append(": ");
            for (int step = 0; step < steps; step++) {
                if ((order >> step & 1) == 1) {
                    trace.append("copier ");
                    copierStep(copierStep++);
                } else {
                    trace.append("holder ");
                    holderStep(script.charAt(holderStep / 2), holderStep % 2 == 0);
                    holderStep++;
                }
                if (!busy) {
                    KeyedCell found = CellLookup.search(from.entries(), KEY);
                    assertFound(trace, found == CellLookup.FORWARD ? CellLookup.search(to.entries(), KEY) : found);
                }
            }
            assertFound(trace, CellLookup.search(to.entries(), KEY));
            List<String> keys = new ArrayList<>();
            to.forEachKey(keys::add);
            assertEquals(trace.toString(), live == null ? List.of() : List.of(KEY), keys);
        }

        private void assertFound(StringBuilder trace, KeyedCell found) {
            if (live == null) {
                assertTrue(trace.toString(), found == null || found.get() == Cell.SEALED);
            } else {
                assertSame(trace.toString(), live, found);
            }
        }

        private void copierStep(int step) {
            switch (step) {
                case 0 -> to = from.begin();
                case 1 -> leave(othersFirst);
                case 2 -> leave(!othersFirst);
                case 3 -> copy = Level.isCell(copied) ? to.take(copied) : NONE;
                case 4 -> current = from.entry(index);
                default -> reconcile(copy, copied, current);
            }
        }

        private void leave(boolean others) {
            if (!others) {
                copied = from.leave(index);
                return;
            }
            for (int i = 0; i < from.entries().length; i++) {
                if (i != index) {
                    KeyedCell other = from.leave(i);
                    int copyOfOther = Level.isCell(other) ? to.take(other) : NONE;
                    reconcile(copyOfOther, other, from.entry(i));
                }
            }
        }

        private void reconcile(int copyIndex, KeyedCell cell, KeyedCell latest) {
            if (copyIndex != NONE && latest != cell) {
                to.reconcileCopy(copyIndex, cell, latest);
            }
        }

        /** Each call takes two steps: on the level where the holder starts, then on the next one. */
        private void holderStep(char call, boolean first) {
            if (first) {
                old = live;
                live = call == 'd' ? null : new LongCell(KEY);
            }
            if (call == 'c') {
                put = first ? from.put(live) : put || from.next().put(live);
            } else if (first || from.next() != null) {
                old.seal();
                Level level = first ? from : from.next();
                if (call == 'd') {
                    level.remove(old);
                } else {
                    level.replace(old, live);
                }
            }
            busy = first;
        }
    }

    @Test
    public void put_duringGrowth_forwardsToNextLevel() {
        Level level = new Level(0);
        assertNull(CellLookup.search(level.entries(), KEY));
        Level next = level.begin();
        assertTrue(level.tryReserve());
        assertFalse(level.put(new LongCell(KEY)));
        assertSame(CellLookup.FORWARD, CellLookup.search(level.entries(), KEY));
        assertNull(CellLookup.search(next.entries(), KEY));
    }

    @Test
    public void growth_leavesNoEmptyEntry() {
        Level level = new Level(0);
        level.grow();
        // A late thread finds no entry in which a cell would be missed by searches.
        assertFalse(Arrays.asList(level.entries()).contains(null));
    }

    @Test
    public void tryReserve_onFullLevel_fails() {
        Level level = new Level(0);
        int cells = filled(level).size();
        assertEquals("three eighths", 3 * level.entries().length / 8, cells);
        assertFalse(level.tryReserve());
        assertNull("searches still end", CellLookup.search(level.entries(), "absent"));
    }

    @Test
    public void growth_ofFullLevel_takesSixteenBytesPerCell() {
        Level level = new Level(1000);
        List<KeyedCell> cells = filled(level);
        Level next = level.grow();
        cells.forEach(cell -> assertSame(cell, CellLookup.search(next.entries(), cell.key())));
        assertEquals("entries of 4 bytes", 4 * cells.size(), next.entries().length, 4);
        assertTrue(next.tryReserve());
    }

    @Test
    public void growth_ofRemovedCells_dropsThem() {
        Level level = new Level(1000);
        filled(level).forEach(level::remove);
        Level next = level.grow();
        assertEquals(new Level(0).entries().length, next.entries().length);
        next.forEachKey(key -> assertNull("key of a removed cell", key));
    }

    /** Fills a level and returns its cells. */
    private static List<KeyedCell> filled(Level level) {
        List<KeyedCell> cells = new ArrayList<>();
        while (level.tryReserve()) {
            cells.add(new LongCell(KEY + cells.size()));
            assertTrue(level.put(cells.get(cells.size() - 1)));
        }
        return cells;
    }
}
