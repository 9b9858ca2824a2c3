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

/** What a table does between its levels. */
public class HashTableTest {

    private static final String KEY = "key";

    private final Level level = new Level(0);
    private final HashTable table = new HashTable("namespace", level);

    @Test
    public void cells_ofATableThatGrows_stayTheSame() {
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
    public void creation_besideGrowth_isFoundInTheNextLevel() {
        Level next = level.begin();
        create(KEY);
        assertSame(CellLookup.FORWARD, CellLookup.search(level.entries(), KEY));
        assertSame(table.find(KEY), CellLookup.search(next.entries(), KEY));
        assertEquals(2, table.inc(KEY, 1));
        assertEquals(2, table.get(KEY));
        assertEquals(List.of(KEY), keys());
    }

    @Test
    public void creation_withoutRoom_makesSomeAtTheSameTime() {
        while (level.tryReserve()) {} // all that is left
        create(KEY);
        assertSame(CellLookup.FORWARD, CellLookup.search(level.entries(), KEY));
        assertSame(table.find(KEY), CellLookup.search(level.next().entries(), KEY));
    }

    @Test
    public void removal_besideGrowth_reachesBothLevels() {
        create(KEY);
        Level next = copied();
        table.remove(KEY);
        assertNull(table.find(KEY));
        assertNull(CellLookup.search(next.entries(), KEY));
        assertEquals(List.of(), keys());
    }

    @Test
    public void replacement_besideGrowth_reachesBothLevels() {
        create(KEY);
        Level next = copied();
        Cell cell = table.find(KEY);
        table.restore(KEY, cell, cell.seal());
        assertEquals(1, table.get(KEY));
        assertSame(table.find(KEY), CellLookup.search(next.entries(), KEY));
    }

    /** The level as it is just before growth is finished. */
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
        List<String> shown = new ArrayList<>();
        table.forEachKey(shown::add);
        return shown;
    }
}
