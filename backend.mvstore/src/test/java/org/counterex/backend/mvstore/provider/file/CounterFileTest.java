package org.counterex.backend.mvstore.provider.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.counterex.backend.mvstore.provider.TestFolder;
import org.counterex.tck.Seed;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

public class CounterFileTest {

    private static final int BLOCK = 4096;

    @Rule
    public final Seed seed = new Seed();

    private final TestFolder disk;
    private CounterFile file;
    private ExpectedValues values;

    public CounterFileTest() throws IOException {
        disk = new TestFolder();
        open();
    }

    private void open() throws IOException {
        file = CounterFile.open(disk.file);
        values = new ExpectedValues(file);
        values.load(ExpectedValues.in(file));
        file.openForWriting();
    }

    @After
    public void close() throws IOException {
        file.close();
        disk.close();
    }

    private void assertInFile(Map<String, Map<String, Long>> expected) throws IOException {
        file.close();
        assertEquals(expected, ExpectedValues.in(disk.file));
    }

    @Test
    public void keys_ofAnyCharacters_areReadBackExactly() throws IOException {
        Random random = seed.random(0);
        for (int c = 0; c <= Character.MAX_VALUE; c += 1 + random.nextInt(16)) {
            values.put("any", "" + (char) c, c);
            values.put("" + (char) c, "a" + (char) c + (char) random.nextInt(0x10000), -c);
        }
        values.put("\ud800", "\udc00\ud800", 1);
        values.put("\u0000", "\u0000\u0000", 2);
        values.put("long", "\uffff".repeat(1024), 3);
        file.commit();
        assertInFile(values.copy());
    }

    @Test
    public void values_ofEverySize_areReadBackExactly() throws IOException {
        for (int shift = 0; shift < 64; shift++) {
            values.put("a", "+" + shift, Long.MAX_VALUE >>> shift);
            values.put("a", "-" + shift, -(Long.MAX_VALUE >>> shift));
        }
        file.commit();
        assertInFile(values.copy());
    }

    @Test
    public void tenThousandNamespaces_areReadBackAndRemoved() throws IOException {
        for (int i = 0; i < 10_000; i++) {
            values.put("namespace-" + i, "a", i);
            values.put("namespace-" + i, "b", -i);
        }
        file.commit();
        for (int i = 0; i < 10_000; i += 2) {
            values.drop("namespace-" + i);
        }
        file.commit();
        assertInFile(values.copy());
        open();
        assertEquals(5_000, file.namespaces().size());
        assertEquals(2, file.size("namespace-1"));
    }

    @Test
    public void namespace_lastCounterRemoved_isNotInTheFile() throws IOException {
        values.put("a", "b", 1);
        file.commit();
        values.remove("a", "b");
        file.commit();
        values.remove("a", "b");
        file.commit();
        assertInFile(Map.of());
        open();
        values.put("a", "b", 2);
        file.commit();
        assertInFile(Map.of("a", Map.of("b", 2L)));
    }

    @Test
    public void retain_keepsMatchingCounters() throws IOException {
        for (String namespace : List.of("a", "b", "c")) {
            for (int i = 0; i < 1_000; i++) {
                values.put(namespace, "counter-" + i, i);
            }
        }
        file.commit();
        file.retain("b", key -> key.endsWith("7"));
        file.retain("c", key -> false);
        file.retain("unknown", key -> false);
        file.commit();
        Map<String, Map<String, Long>> expected = new TreeMap<>(values.copy());
        expected.remove("c");
        expected.get("b").keySet().removeIf(key -> !key.endsWith("7"));
        assertInFile(expected);
    }

    /** By default, MVStore writes parts of a large batch early. */
    @Test
    public void batch_uncommitted_isNotInTheFile() throws IOException {
        values.put("a", "b", 1);
        file.commit();
        Map<String, Map<String, Long>> committed = values.copy();
        long bytes = file.bytes();
        for (int i = 0; i < 300_000; i++) {
            file.put("a", "counter-" + i, (long) i);
        }
        assertEquals(bytes, file.bytes());
        assertInFile(committed);
        assertEquals(bytes, file.bytes());
    }

    @Test
    public void file_openedAndClosed_isUnchanged() throws IOException {
        values.put("a", "b", 1);
        file.commit();
        file.close();
        byte[] before = Files.readAllBytes(disk.file);
        open();
        file.close();
        assertTrue(Arrays.equals(before, Files.readAllBytes(disk.file)));
    }

    @Test
    public void reopen_repeatedly_returnsToTheNewestState() throws IOException {
        for (int i = 0; i < 20; i++) {
            values.put("a", "counter-" + i, i);
            file.commit();
            file.put("a", "counter-1", 1_000L);
            file.put("b", "counter-1", 1_000L);
            file.reopen();
            file.reopen();
        }
        assertInFile(values.copy());
    }

    @Test
    public void reopen_ofAnotherFile_failsUntilTheRightOneIsThere() throws IOException {
        values.put("a", "b", 1);
        file.commit();
        byte[] older = Files.readAllBytes(disk.file);
        for (int i = 0; i < 5; i++) {
            values.put("a", "c" + i, 2);
            file.commit();
        }
        byte[] expected = Files.readAllBytes(disk.file);
        Files.write(disk.file, older);
        assertThrows(RuntimeException.class, file::reopen);
        Files.delete(disk.file);
        assertThrows(RuntimeException.class, file::reopen);
        assertThrows(RuntimeException.class, file::reopen);
        Files.write(disk.file, expected);
        file.reopen();
        assertInFile(values.copy());
    }

    /**
     * A disk that writes in order leaves one of the two states. One that does not may leave the frame of the newer
     * state around parts of the older one, which MVStore does not detect: such a file must be rejected.
     */
    @Test
    public void powerFailure_duringACommit_leavesTheStateBeforeOrAfter() throws IOException {
        Random random = seed.random(0);
        int[] found = new int[2];
        for (int i = 0; i < seed.rounds(60); i++) {
            byte[] before = Files.readAllBytes(disk.file);
            Map<String, Map<String, Long>> stateBefore = values.copy();
            for (int j = 0; j < 1 + random.nextInt(30); j++) {
                String namespace = "namespace-" + random.nextInt(5);
                switch (random.nextInt(8)) {
                    case 0 -> values.remove(namespace, "counter-" + random.nextInt(100));
                    case 1 -> values.drop(namespace);
                    default -> values.put(namespace, "counter-" + random.nextInt(100), random.nextLong() >> 1);
                }
            }
            file.commit();
            file.close();
            byte[] after = Files.readAllBytes(disk.file);
            for (int j = 0; j < 8; j++) {
                boolean inOrder = j % 2 == 0;
                Files.write(disk.file, torn(before, after, inOrder, random));
                Map<String, Map<String, Long>> state;
                try {
                    state = ExpectedValues.in(disk.file);
                } catch (IOException e) {
                    assertFalse("commit " + i + ": " + e, inOrder);
                    continue;
                }
                assertTrue("commit " + i, state.equals(stateBefore) || state.equals(values.copy()));
                found[state.equals(stateBefore) ? 0 : 1]++;
            }
            Files.write(disk.file, after);
            open();
        }
        assertNotEquals(0, found[0]);
        assertNotEquals(0, found[1]);
    }

    /**
     * Returns possible contents of the disk: some sectors before, others after the commit. The header is written last.
     */
    private static byte[] torn(byte[] before, byte[] after, boolean inOrder, Random random) {
        int sector = BLOCK >> random.nextInt(4);
        int likely = random.nextInt(101);
        int end = random.nextInt(after.length + 1);
        byte[] torn = Arrays.copyOf(before, Math.max(before.length, after.length));
        for (int i = 0; i < after.length; i += sector) {
            boolean header = i < 2 * BLOCK;
            int turn = header ? after.length - 2 * BLOCK + i : i - 2 * BLOCK;
            if (inOrder ? turn < end : !header && random.nextInt(100) < likely) {
                System.arraycopy(after, i, torn, i, sector);
            }
        }
        return torn;
    }
}
