package org.counterex.table;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellLookup;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.api.backend.table.KeyedCell;
import org.junit.Test;

/** The operations of a table on its levels. */
public class HashTableTest {

    private static final String KEY = "key";

    private final Level level = new Level(0);
    private final HashTable table = new HashTable("namespace", level);

    @Test
    public void cells_duringGrowth_keepTheirIdentity() {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            create(KEY + i);
            cells.add(table.find(KEY + i));
        }
        for (int i = 0; i < cells.size(); i++) {
            cells.get(i).inc(i);
            assertEquals(1 + i, table.get(KEY + i));
            assertSame(cells.get(i), table.find(KEY + i));
        }
    }

    @Test
    public void creation_duringGrowth_isFoundInNextLevel() {
        Level next = level.begin();
        create(KEY);
        assertSame(CellLookup.FORWARD, CellLookup.search(level.entries(), KEY));
        assertSame(table.find(KEY), CellLookup.search(next.entries(), KEY));
        assertEquals(2, table.inc(KEY, 1));
        assertEquals(2, table.get(KEY));
        assertEquals(List.of(KEY), keys());
    }

    @Test
    public void creation_withoutRoom_growsTheTable() {
        while (level.tryReserve()) {} // reserves all remaining entries
        create(KEY);
        assertSame(CellLookup.FORWARD, CellLookup.search(level.entries(), KEY));
        assertSame(table.find(KEY), CellLookup.search(level.next().entries(), KEY));
    }

    @Test
    public void removal_duringGrowth_changesBothLevels() {
        create(KEY);
        Level next = copied();
        table.remove(KEY);
        assertNull(table.find(KEY));
        assertNull(CellLookup.search(next.entries(), KEY));
        assertEquals(List.of(), keys());
    }

    @Test
    public void replacement_duringGrowth_changesBothLevels() {
        create(KEY);
        Level next = copied();
        Cell cell = table.find(KEY);
        table.restore(KEY, cell, cell.seal());
        assertEquals(1, table.get(KEY));
        assertSame(table.find(KEY), CellLookup.search(next.entries(), KEY));
    }

    /** Returns the next level in the state just before growth finishes. */
    private Level copied() {
        Level next = level.begin();
        for (int i = 0; i < level.entries().length; i++) {
            KeyedCell cell = level.leave(i);
            if (Level.isCell(cell)) {
                next.take(cell);
            }
        }
        return next;
    }

    private void create(String key) {
        assertEquals(1, table.apply(key, new CellUpdate.Add(1, 0)));
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        table.forEachKey(keys::add);
        return keys;
    }
}
