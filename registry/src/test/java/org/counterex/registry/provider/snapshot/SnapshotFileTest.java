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

/** The file of parked counters: whole or refused, and taken up once. */
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

    private List<SnapshotFile.Entry> takenUp() throws IOException {
        List<SnapshotFile.Entry> taken = new ArrayList<>();
        file.restore(taken::addAll);
        return taken;
    }

    @Test
    public void noFile_holdsNothing() throws Exception {
        assertEquals(List.of(), takenUp());
    }

    @Test
    public void whatWasWritten_isTakenUpOnce() throws Exception {
        file.write(List.of(new SnapshotFile.Entry("earlier", "", "k", 1)));
        file.write(ENTRIES);
        assertEquals(ENTRIES, takenUp());
        assertEquals(List.of(), takenUp());
        file.write(List.of());
        assertEquals(List.of(), takenUp());
    }

    @Test
    public void receiverThatFails_leavesTheFile() throws Exception {
        file.write(ENTRIES);
        assertThrows(
                OutOfMemoryError.class,
                () -> file.restore(entries -> {
                    throw new OutOfMemoryError();
                }));
        assertEquals(ENTRIES, takenUp());
    }

    @Test
    public void damageAnywhere_isRefusedAndTheFileStays() throws Exception {
        file.write(ENTRIES);
        byte[] sound = Files.readAllBytes(path);
        for (int position = 0; position < sound.length; position++) {
            for (int bit : new int[] {0, 3, 7}) {
                byte[] damaged = sound.clone();
                damaged[position] ^= (byte) (1 << bit);
                assertRefused("byte " + position, damaged);
            }
        }
    }

    @Test
    public void truncation_anywhere_isRefusedAndTheFileStays() throws Exception {
        file.write(ENTRIES);
        byte[] sound = Files.readAllBytes(path);
        for (int length = 0; length < sound.length; length++) {
            assertRefused("length " + length, Arrays.copyOf(sound, length));
        }
        for (int more = 1; more < 20; more++) {
            assertRefused("longer by " + more, Arrays.copyOf(sound, sound.length + more));
        }
    }

    private void assertRefused(String damage, byte[] bytes) throws IOException {
        Files.write(path, bytes);
        IOException e = assertThrows(damage, IOException.class, this::takenUp);
        assertTrue(e.getMessage(), e.getMessage().contains(path.toString()));
        assertFalse(e.getMessage(), e.getMessage().contains("\n"));
        assertArrayEquals(damage, bytes, Files.readAllBytes(path));
    }

    @Test
    public void writingThatFails_leavesWhatWasThere() throws Exception {
        file.write(ENTRIES);
        Files.createDirectory(path.resolveSibling("parked.counters.draft"));
        assertThrows(IOException.class, () -> file.write(List.of()));
        assertEquals(ENTRIES, takenUp());
    }

    /** A draft that was never finished, for instance because the disk was full, is no file of counters. */
    @Test
    public void unfinishedDraft_doesNotCount() throws Exception {
        file.write(ENTRIES);
        Files.write(path.resolveSibling("parked.counters.draft"), new byte[] {1, 2, 3});
        assertEquals(ENTRIES, takenUp());
    }
}
