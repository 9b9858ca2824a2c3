package org.counterex.backend.mvstore.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.api.backend.table.WideCell;
import org.junit.After;
import org.junit.Test;

/** What a table tells its journal, and what becomes of it in the file while a namespace has several tables. */
public class StoredTableTest {

    private static final String NAMESPACE = "ns";
    private static final String KEY = "k";

    private final OnDisk disk;
    private final MvstoreBackend backend;
    private final StoredTable table;

    public StoredTableTest() throws Exception {
        disk = new OnDisk();
        backend = disk.open();
        backend.takeTables();
        table = create();
    }

    @After
    public void close() throws Exception {
        backend.close();
        disk.close();
    }

    private StoredTable create() {
        return (StoredTable) backend.create(NAMESPACE);
    }

    private static void put(CellTable table, String key, long value) {
        table.apply(key, new CellUpdate.Put(value, false));
    }

    private static void handOver(CellTable from, CellTable to, String key) {
        Cell cell = from.find(key);
        to.reserve(1);
        to.insert(key, cell);
        from.removeMoved(key, cell);
    }

    private List<String> told() {
        List<String> told = new ArrayList<>();
        table.take((key, value, removed) -> told.add(key + "=" + value + (removed ? " removed" : "")));
        return told;
    }

    /** What another instance finds after this one has flushed and closed. */
    private Map<String, Long> inTheFile() throws Exception {
        backend.close();
        try (MvstoreBackend next = disk.open()) {
            return next.getAll(NAMESPACE);
        }
    }

    @Test
    public void changes_areToldOnce() {
        put(table, KEY, 5);
        put(table, KEY, 6);
        assertEquals(List.of("k=6"), told());
        assertEquals(List.of(), told());
        table.inc(KEY, 1);
        assertEquals(1, table.changes());
        assertEquals(List.of("k=7"), told());
        put(table, KEY, Long.MAX_VALUE);
        put(table, KEY, Long.MAX_VALUE - 1);
        assertEquals(List.of("k=" + (Long.MAX_VALUE - 1)), told());
        put(table, KEY, Long.MAX_VALUE - 2);
        assertEquals(List.of("k=" + (Long.MAX_VALUE - 2)), told());
        table.remove(KEY);
        assertEquals(List.of("k=null removed"), told());
        put(table, KEY, 1);
        table.remove(KEY);
        put(table, KEY, 2);
        assertEquals(List.of("k=2 removed"), told());
    }

    /** Who seals it may be held up, and others may have counted on it before: it is asked for again. */
    @Test
    public void counterThatIsSealed_staysNoted() {
        put(table, KEY, 5);
        Cell cell = table.find(KEY);
        long last = cell.seal();
        assertTrue(table.take((key, value, removed) -> {
            throw new AssertionError(key + "=" + value);
        }));
        assertEquals(1, table.changes());
        table.restore(KEY, cell, last);
        assertFalse(table.take((key, value, removed) -> assertEquals(5, value.longValue())));
        assertEquals(0, table.changes());
    }

    /** A removal that is told late, as after a flush that failed, is no removal of what has come to another table since. */
    @Test
    public void removal_thatIsToldAfterItsCounterHasComeAgain_removesNothing() throws Exception {
        put(table, KEY, 5);
        table.remove(KEY);
        told();
        StoredTable newer = create();
        put(newer, KEY, 7);
        backend.flush(NAMESPACE);
        table.again(KEY, true);
        backend.flush(NAMESPACE);
        assertEquals(Map.of(KEY, 7L), inTheFile());
    }

    @Test
    public void countersHandedOver_areInTheFileUntilTheirTableIsGivenUp() throws Exception {
        put(table, KEY, 5);
        put(table, "other", 6);
        backend.flush(NAMESPACE);
        WideCell elsewhere = new WideCell(KEY);
        elsewhere.init(table.find(KEY).seal());
        table.removeMoved(KEY, table.find(KEY));
        backend.flush(NAMESPACE);
        assertEquals(Map.of(KEY, 5L, "other", 6L), inTheFile());
    }

    @Test
    public void countersHandedOver_areNotInTheFileOnceTheirTableIsGivenUp() throws Exception {
        StoredTable newer = create();
        put(table, KEY, 5);
        put(table, "other", 6);
        backend.flush(NAMESPACE);
        table.find(KEY).seal();
        table.removeMoved(KEY, table.find(KEY));
        handOver(table, newer, "other");
        backend.discard(table);
        assertEquals(Map.of("other", 6L), inTheFile());
    }

    /** It was made for a move that was refused, perhaps while another one has the counters half way out. */
    @Test
    public void tableThatWasNeverUsed_givesNothingUp() throws Exception {
        put(table, KEY, 5);
        backend.flush(NAMESPACE);
        table.find(KEY).seal();
        table.removeMoved(KEY, table.find(KEY));
        backend.discard(create());
        assertEquals(Map.of(KEY, 5L), inTheFile());
    }

    @Test
    public void tableThatIsGivenUpTwice_isGivenUp() throws Exception {
        put(table, KEY, 5);
        backend.flush(NAMESPACE);
        table.find(KEY).seal();
        table.removeMoved(KEY, table.find(KEY));
        backend.discard(table);
        backend.flush(NAMESPACE);
        backend.discard(table);
        assertEquals(Map.of(), inTheFile());
    }

    /** A call that has counted just before the end is told right, and one that comes too late as well. */
    @Test
    public void flush_afterTheEnd_tellsWhetherAllIsWritten() {
        put(table, KEY, 5);
        backend.close();
        backend.flush(NAMESPACE);
        put(table, KEY, 6);
        assertThrows(BackendUnavailableException.class, () -> backend.flush(NAMESPACE));
    }
}
