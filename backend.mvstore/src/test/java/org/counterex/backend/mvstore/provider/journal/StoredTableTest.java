package org.counterex.backend.mvstore.provider.journal;

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
import org.counterex.backend.mvstore.provider.MvstoreBackend;
import org.counterex.backend.mvstore.provider.TestFolder;
import org.junit.After;
import org.junit.Test;

/** Changes that a table reports to its journal, and their effect on the file while a namespace has several tables. */
public class StoredTableTest {

    private static final String NAMESPACE = "ns";
    private static final String KEY = "k";

    private final TestFolder disk;
    private final MvstoreBackend backend;
    private final StoredTable table;

    public StoredTableTest() throws Exception {
        disk = new TestFolder();
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

    private static void transfer(CellTable from, CellTable to, String key) {
        Cell cell = from.find(key);
        to.reserve(1);
        to.insert(key, cell);
        from.removeMoved(key, cell);
    }

    private List<String> takenChanges() {
        List<String> changes = new ArrayList<>();
        table.takeChanges((key, value, removed) -> changes.add(key + "=" + value + (removed ? " removed" : "")));
        return changes;
    }

    /** Closes the backend, and returns the values that another instance finds in the file. */
    private Map<String, Long> inTheFile() throws Exception {
        backend.close();
        try (MvstoreBackend next = disk.open()) {
            return next.getAll(NAMESPACE);
        }
    }

    @Test
    public void changes_areReportedOnce() {
        put(table, KEY, 5);
        put(table, KEY, 6);
        assertEquals(List.of("k=6"), takenChanges());
        assertEquals(List.of(), takenChanges());
        table.inc(KEY, 1);
        assertEquals(1, table.changes());
        assertEquals(List.of("k=7"), takenChanges());
        put(table, KEY, Long.MAX_VALUE);
        put(table, KEY, Long.MAX_VALUE - 1);
        assertEquals(List.of("k=" + (Long.MAX_VALUE - 1)), takenChanges());
        put(table, KEY, Long.MAX_VALUE - 2);
        assertEquals(List.of("k=" + (Long.MAX_VALUE - 2)), takenChanges());
        table.remove(KEY);
        assertEquals(List.of("k=null removed"), takenChanges());
        put(table, KEY, 1);
        table.remove(KEY);
        put(table, KEY, 2);
        assertEquals(List.of("k=2 removed"), takenChanges());
    }

    /**
     * The sealing thread may be delayed, and others may have counted on the cell before: the journal must ask again.
     */
    @Test
    public void sealedCounter_remainsRecorded() {
        put(table, KEY, 5);
        Cell cell = table.find(KEY);
        long last = cell.seal();
        assertTrue(table.takeChanges((key, value, removed) -> {
            throw new AssertionError(key + "=" + value);
        }));
        assertEquals(1, table.changes());
        table.restore(KEY, cell, last);
        assertFalse(table.takeChanges((key, value, removed) -> assertEquals(5, value.longValue())));
        assertEquals(0, table.changes());
    }

    /**
     * A removal that is reported late, as after a failed flush, must not remove a counter created in another table
     * since.
     */
    @Test
    public void removal_reportedLate_keepsTheNewCounter() throws Exception {
        put(table, KEY, 5);
        table.remove(KEY);
        takenChanges();
        StoredTable newer = create();
        put(newer, KEY, 7);
        backend.flush(NAMESPACE);
        table.recordAgain(KEY, true);
        backend.flush(NAMESPACE);
        assertEquals(Map.of(KEY, 7L), inTheFile());
    }

    @Test
    public void transferredCounters_tableOpen_areInTheFile() throws Exception {
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
    public void transferredCounters_tableClosed_areNotInTheFile() throws Exception {
        StoredTable newer = create();
        put(table, KEY, 5);
        put(table, "other", 6);
        backend.flush(NAMESPACE);
        table.find(KEY).seal();
        table.removeMoved(KEY, table.find(KEY));
        transfer(table, newer, "other");
        backend.discard(table);
        assertEquals(Map.of("other", 6L), inTheFile());
    }

    /** The table was created for a move that was rejected, perhaps while another move was transferring the counters. */
    @Test
    public void unusedTable_closed_removesNothing() throws Exception {
        put(table, KEY, 5);
        backend.flush(NAMESPACE);
        table.find(KEY).seal();
        table.removeMoved(KEY, table.find(KEY));
        backend.discard(create());
        assertEquals(Map.of(KEY, 5L), inTheFile());
    }

    @Test
    public void table_closedTwice_isClosed() throws Exception {
        put(table, KEY, 5);
        backend.flush(NAMESPACE);
        table.find(KEY).seal();
        table.removeMoved(KEY, table.find(KEY));
        backend.discard(table);
        backend.flush(NAMESPACE);
        backend.discard(table);
        assertEquals(Map.of(), inTheFile());
    }

    /** The result is right for a call that has counted just before the end, and for one that comes too late. */
    @Test
    public void flush_afterClose_reportsUnwrittenChanges() {
        put(table, KEY, 5);
        backend.close();
        backend.flush(NAMESPACE);
        put(table, KEY, 6);
        assertThrows(BackendUnavailableException.class, () -> backend.flush(NAMESPACE));
    }
}
