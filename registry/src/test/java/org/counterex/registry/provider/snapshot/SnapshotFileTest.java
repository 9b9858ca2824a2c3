package org.counterex.registry.provider.snapshot;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The snapshot file: read as a whole or rejected, and restored once. */
public class SnapshotFileTest {

    private static final List<SnapshotFile.Entry> ENTRIES = List.of(
            new SnapshotFile.Entry("ns", "", "k", 1),
            new SnapshotFile.Entry("ns", "disk/main", "", -Long.MAX_VALUE),
            new SnapshotFile.Entry("\u0000\n\ud83d\ude00", "", "\uffff\u00e4", Long.MAX_VALUE));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path;
    private SnapshotFile file;

    @Before
    public void open() {
        path = folder.getRoot().toPath().resolve("not/yet/there/parked.counters");
        file = new SnapshotFile(path);
    }

    private List<SnapshotFile.Entry> restored() throws IOException {
        List<SnapshotFile.Entry> entries = new ArrayList<>();
        file.restore(entries::addAll);
        return entries;
    }

    @Test
    public void missingFile_isEmpty() throws Exception {
        assertEquals(List.of(), restored());
    }

    @Test
    public void entries_afterWrite_areRestoredOnce() throws Exception {
        file.write(List.of(new SnapshotFile.Entry("earlier", "", "k", 1)));
        file.write(ENTRIES);
        assertEquals(ENTRIES, restored());
        assertEquals(List.of(), restored());
        file.write(List.of());
        assertEquals(List.of(), restored());
    }

    @Test
    public void restore_withFailingReceiver_keepsTheFile() throws Exception {
        file.write(ENTRIES);
        assertThrows(
                OutOfMemoryError.class,
                () -> file.restore(entries -> {
                    throw new OutOfMemoryError();
                }));
        assertEquals(ENTRIES, restored());
    }

    @Test
    public void damage_anywhere_isRejected() throws Exception {
        file.write(ENTRIES);
        byte[] intact = Files.readAllBytes(path);
        for (int position = 0; position < intact.length; position++) {
            for (int bit : new int[] {0, 3, 7}) {
                byte[] damaged = intact.clone();
                damaged[position] ^= (byte) (1 << bit);
                assertRejected("byte " + position, damaged);
            }
        }
    }

    @Test
    public void truncation_anywhere_isRejected() throws Exception {
        file.write(ENTRIES);
        byte[] intact = Files.readAllBytes(path);
        for (int length = 0; length < intact.length; length++) {
            assertRejected("length " + length, Arrays.copyOf(intact, length));
        }
        for (int more = 1; more < 20; more++) {
            assertRejected("longer by " + more, Arrays.copyOf(intact, intact.length + more));
        }
    }

    private void assertRejected(String damage, byte[] bytes) throws IOException {
        Files.write(path, bytes);
        IOException e = assertThrows(damage, IOException.class, this::restored);
        assertTrue(e.getMessage(), e.getMessage().contains(path.toString()));
        assertFalse(e.getMessage(), e.getMessage().contains("\n"));
        assertArrayEquals(damage, bytes, Files.readAllBytes(path));
    }

    @Test
    public void write_thatFails_keepsTheFile() throws Exception {
        file.write(ENTRIES);
        Files.createDirectory(path.resolveSibling("parked.counters.draft"));
        assertThrows(IOException.class, () -> file.write(List.of()));
        assertEquals(ENTRIES, restored());
    }

    /** A draft that was not completed, for example because the disk was full, is not read. */
    @Test
    public void unfinishedDraft_isIgnored() throws Exception {
        file.write(ENTRIES);
        Files.write(path.resolveSibling("parked.counters.draft"), new byte[] {1, 2, 3});
        assertEquals(ENTRIES, restored());
    }
}
