package org.counterex.backend.mvstore.provider;

import static org.junit.Assert.assertEquals;

import java.util.Map;
import java.util.OptionalLong;
import org.junit.After;
import org.junit.Test;

/** Values after the backend was closed and another one has opened the file. */
public class MvstoreBackendTest {

    private final TestFolder disk;
    private MvstoreBackend backend;

    public MvstoreBackendTest() throws Exception {
        disk = new TestFolder();
        backend = disk.open();
    }

    @After
    public void close() throws Exception {
        backend.close();
        disk.close();
    }

    private void reopen() throws Exception {
        backend.close();
        backend = disk.open();
    }

    @Test
    public void values_ofEveryKind_areRestored() throws Exception {
        backend.inc("a", "one", 1, 0);
        backend.set("a", "least", -Long.MAX_VALUE);
        backend.set("a", "most", Long.MAX_VALUE);
        backend.set("b\u0000\n\u2028", "\u00e9\ud83d\ude00", 7);
        reopen();
        assertEquals(Map.of("one", 1L, "least", -Long.MAX_VALUE, "most", Long.MAX_VALUE), backend.getAll("a"));
        assertEquals(Map.of("\u00e9\ud83d\ude00", 7L), backend.getAll("b\u0000\n\u2028"));
        assertEquals(Map.of("a", 3L, "b\u0000\n\u2028", 1L), backend.info().namespaces());
    }

    @Test
    public void removedCounters_areNotRestored() throws Exception {
        backend.inc("a", "kept", 1, 0);
        backend.inc("a", "removed", 1, 0);
        backend.inc("a", "again", 1, 0);
        backend.inc("b", "drained", 1, 0);
        reopen();
        backend.delete("a", "removed");
        backend.delete("a", "again");
        backend.inc("a", "again", 5, 0);
        backend.drain("b");
        reopen();
        assertEquals(Map.of("kept", 1L, "again", 5L), backend.getAll("a"));
        assertEquals(Map.of(), backend.getAll("b"));
    }

    @Test
    public void changes_betweenFlushes_areEachWritten() throws Exception {
        for (int i = 0; i < 100; i++) {
            backend.inc("a", "k" + i % 7, 1, 0);
            backend.flush("a");
        }
        reopen();
        assertEquals(OptionalLong.of(15), backend.get("a", "k0"));
        assertEquals(OptionalLong.of(14), backend.get("a", "k6"));
    }
}
