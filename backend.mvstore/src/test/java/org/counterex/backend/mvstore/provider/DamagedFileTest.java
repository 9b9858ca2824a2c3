package org.counterex.backend.mvstore.provider;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.counterex.support.log.ServiceLog;
import org.counterex.tck.Lines;
import org.counterex.tck.Seed;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.LongDataType;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/**
 * A file that is not as it was written: either it is taken as one of the states that were written, whole, and what is lost is
 * said as far as that can be told; or it is refused by its name, and is the same afterwards to the last byte.
 */
public class DamagedFileTest {

    private static final int BLOCK = 4096;

    @Rule
    public final Seed seed = new Seed();

    private final OnDisk disk;

    /** Every state that was written; the file has the last. */
    private final List<Map<String, Map<String, Long>>> states = new ArrayList<>();

    private byte[] whole;
    private int taken;
    private int refused;

    public DamagedFileTest() throws IOException {
        disk = new OnDisk();
    }

    @After
    public void close() throws IOException {
        disk.close();
    }

    /** Makes a file in which the states lie in disorder, as in one that has been used for some time. */
    private void write(int namespaces, int counters, int commits) throws IOException {
        Random random = seed.random(0);
        CounterFile file = CounterFile.open(disk.file);
        file.begin();
        Values values = new Values(file);
        states.add(values.copy());
        for (int i = 0; i < commits; i++) {
            for (int j = 0; j < 1 + random.nextInt(counters); j++) {
                String namespace = "namespace-" + random.nextInt(namespaces);
                String key = "counter-" + random.nextInt(counters);
                if (random.nextInt(8) == 0) {
                    values.remove(namespace, key);
                } else {
                    values.put(namespace, key, random.nextLong() >> random.nextInt(64));
                }
            }
            file.commit();
            states.add(values.copy());
        }
        file.close();
        whole = Files.readAllBytes(disk.file);
        assertEquals(states.get(commits), Values.in(disk.file));
    }

    /** Puts bytes in the place of the file, and tells which state is found in them; -1 if they are refused. */
    private int stateIn(byte[] bytes, String damage) throws IOException {
        Files.write(disk.file, bytes);
        Lines lines = new Lines();
        Map<String, Map<String, Long>> found = new HashMap<>();
        try (MvstoreBackend backend =
                new MvstoreBackend("mvstore", disk.file, 3_600_000, false, new ServiceLog("test", lines::service))) {
            backend.info().namespaces().keySet().forEach(name -> found.put(name, backend.getAll(name)));
        } catch (IOException e) {
            String message = e.getMessage();
            assertTrue(damage + ": " + message, message.contains("file=" + disk.file) && !message.contains("\n"));
            assertArrayEquals(damage + ": was changed", bytes, Files.readAllBytes(disk.file));
            refused++;
            return -1;
        }
        taken++;
        int state = states.lastIndexOf(found);
        assertTrue(damage + ": was taken as what nobody has written: " + found, state >= 0);
        assertFalse(
                damage + ": nothing is said of when it was written",
                lines.with("written=").isEmpty());
        if (state < states.size() - 1 && !lines.with("lost=").isEmpty()) {
            assertEquals(damage, 1, lines.with("are lost").size());
        }
        assertEquals(damage + " after opening it again", found, withoutEmpty(Values.in(disk.file)));
        return state;
    }

    private static Map<String, Map<String, Long>> withoutEmpty(Map<String, Map<String, Long>> values) {
        values.values().removeIf(Map::isEmpty);
        return values;
    }

    @Test
    public void file_truncatedAtAnyByte_isTakenWholeOrRefused() throws IOException {
        write(2, 4, 6);
        for (int length = 0; length < whole.length; length++) {
            stateIn(Arrays.copyOf(whole, length), "length=" + length);
        }
        assertTrue("taken=" + taken + " refused=" + refused, taken > 0 && refused > 0);
    }

    @Test
    public void longFile_truncatedAnywhere_isTakenWholeOrRefused() throws IOException {
        write(50, 100, 100);
        Random random = seed.random(1);
        for (int i = 0; i < seed.rounds(300); i++) {
            int length = random.nextInt(whole.length);
            stateIn(Arrays.copyOf(whole, length), "length=" + length);
        }
    }

    @Test
    public void file_withGarbage_isTakenWholeOrRefused() throws IOException {
        write(10, 50, 50);
        Random random = seed.random(1);
        for (int i = 0; i < seed.rounds(500); i++) {
            byte[] garbage = new byte[1 << random.nextInt(14)];
            random.nextBytes(garbage);
            if (random.nextInt(4) == 0) {
                Arrays.fill(garbage, (byte) 0);
            }
            int begin = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(2 * BLOCK);
                case 1 -> whole.length - 1 - random.nextInt(BLOCK);
                default -> random.nextInt(whole.length);
            };
            byte[] bytes = whole.clone();
            int length = Math.min(garbage.length, whole.length - begin);
            System.arraycopy(garbage, 0, bytes, begin, length);
            stateIn(bytes, "garbage at " + begin + " length=" + length);
        }
    }

    @Test
    public void file_withBlocksOfItsPast_isTakenWholeOrRefused() throws IOException {
        write(10, 50, 20);
        byte[] past = whole;
        CounterFile file = CounterFile.open(disk.file);
        Values values = new Values(file);
        values.take(Values.in(file));
        file.begin();
        Random random = seed.random(1);
        for (int i = 0; i < 20; i++) {
            values.put("namespace-" + random.nextInt(10), "counter-" + random.nextInt(50), i);
            file.commit();
            states.add(values.copy());
        }
        file.close();
        whole = Files.readAllBytes(disk.file);
        for (int i = 0; i < seed.rounds(500); i++) {
            byte[] bytes = whole.clone();
            int blocks = 1 + random.nextInt(3);
            for (int j = 0; j < blocks; j++) {
                int begin = random.nextInt(Math.min(past.length, whole.length) / BLOCK) * BLOCK;
                System.arraycopy(past, begin, bytes, begin, BLOCK);
            }
            stateIn(bytes, "mixture " + i);
        }
    }

    @Test
    public void file_withOneBitFlipped_isTakenWholeOrRefused() throws IOException {
        write(5, 20, 20);
        Random random = seed.random(1);
        for (int i = 0; i < seed.rounds(2_000); i++) {
            byte[] bytes = whole.clone();
            int bit = random.nextInt(8 * whole.length);
            bytes[bit / 8] ^= 1 << bit % 8;
            stateIn(bytes, "bit=" + bit);
        }
        assertTrue("taken=" + taken + " refused=" + refused, taken > 0 && refused > 0);
    }

    @Test
    public void olderCopy_isTaken_andSaysWhenItWasWritten() throws IOException {
        write(5, 20, 20);
        byte[] older = whole;
        int state = states.size() - 1;
        CounterFile file = CounterFile.open(disk.file);
        Instant written = file.written();
        Values values = new Values(file);
        values.take(Values.in(file));
        file.begin();
        values.put("namespace-1", "counter-1", 1_000_000);
        file.commit();
        states.add(values.copy());
        file.close();
        Lines lines = new Lines();
        assertEquals(state, stateIn(older, "older copy"));
        new MvstoreBackend("mvstore", disk.file, 3_600_000, false, new ServiceLog("test", lines::service)).close();
        assertEquals(lines.toString(), 1, lines.with("counters are loaded").size());
        assertEquals(lines.toString(), 1, lines.with("written=" + written).size());
    }

    @Test
    public void newestStates_thatAreCutOff_areSaidToBeLost() throws IOException {
        write(5, 20, 30);
        boolean said = false;
        for (int length = whole.length - BLOCK; length >= 3 * BLOCK && !said; length -= BLOCK) {
            Lines lines = new Lines();
            Files.write(disk.file, Arrays.copyOf(whole, length));
            try (MvstoreBackend backend = new MvstoreBackend(
                    "mvstore", disk.file, 3_600_000, false, new ServiceLog("test", lines::service))) {
                said = !lines.with("error newest states").isEmpty();
            } catch (IOException e) {
                assertTrue(lines.with("are loaded").isEmpty());
            }
        }
        assertTrue(said);
    }

    /** Expects that what is there is refused with a sentence, and left as it is. */
    private void assertRefused(Path path, String sentence) throws IOException {
        byte[] before = Files.isRegularFile(path) ? Files.readAllBytes(path) : null;
        try {
            new MvstoreBackend("mvstore", path, 10, false, OnDisk.SILENT).close();
            fail("was taken: " + path);
        } catch (IOException e) {
            assertTrue(e.getMessage(), e.getMessage().startsWith("file of counters " + sentence));
            assertTrue(e.getMessage(), e.getMessage().contains("file=" + path));
            assertFalse(e.getMessage(), e.getMessage().contains("\n"));
        }
        if (before != null) {
            assertArrayEquals(before, Files.readAllBytes(path));
        }
        try (Stream<Path> files = Files.list(disk.folder)) {
            assertTrue(files.allMatch(file -> file.equals(path) || file.equals(disk.file)));
        }
    }

    @Test
    public void emptyFile_isRefused() throws IOException {
        Files.createFile(disk.file);
        assertRefused(disk.file, "is empty");
    }

    @Test
    public void directory_isRefused() throws IOException {
        Files.createDirectory(disk.file);
        assertRefused(disk.file, "is a directory");
    }

    @Test
    public void fileOfAnotherProgram_isRefused() throws IOException {
        Files.writeString(disk.file, "a text\n".repeat(10_000));
        assertRefused(disk.file, "is damaged, or is none");
        Files.writeString(disk.file, "a short text");
        assertRefused(disk.file, "cannot be read");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(disk.file))) {
            out.write(new byte[10_000_000]);
        }
        assertRefused(disk.file, "is damaged, or is none");
        Files.delete(disk.file);
        MVStore other = MVStore.open(disk.file.toString());
        other.openMap("counters").put("a", 1L);
        other.close();
        assertRefused(disk.file, "is damaged, or is none");
    }

    @Test
    public void fileOfAnotherVersion_isRefused() throws IOException {
        write(2, 4, 6);
        MVStore other = MVStore.open(disk.file.toString());
        other.setStoreVersion(2);
        other.close();
        assertRefused(disk.file, "is of another version");
    }

    /** Sound pages, and yet not what was written: as if a reference led to the page of another time. */
    @Test
    public void counterThatIsNotOfItsState_isRefused() throws IOException {
        write(2, 4, 6);
        MVStore other = MVStore.open(disk.file.toString());
        MVMap<Name, Long> counters = other.openMap(
                "counters",
                new MVMap.Builder<Name, Long>()
                        .keyType(new CheckedType<>(new Name.Type()))
                        .valueType(new CheckedType<>(LongDataType.INSTANCE)));
        counters.put(counters.firstKey(), counters.get(counters.firstKey()) + 1);
        other.close();
        assertRefused(disk.file, "is damaged, or is none");
    }

    @Test
    public void damage_whileTheFileIsInUse_isMetWhenThePageIsWrittenAgain() throws IOException {
        CounterFile file = CounterFile.open(disk.file);
        file.begin();
        for (int i = 100; i < 300; i++) {
            file.put("a", "counter-" + i, 1L);
        }
        file.commit();
        file.reopen();
        byte[] bytes = Files.readAllBytes(disk.file);
        byte[] key = "counter-222".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < bytes.length - key.length; i++) {
            if (Arrays.equals(key, 0, key.length, bytes, i, i + key.length)) {
                bytes[i + key.length - 1] ^= 1;
            }
        }
        Files.write(disk.file, bytes);
        assertThrows(MVStoreException.class, () -> file.put("a", "counter-222", 2L));
        file.close();
        assertRefused(disk.file, "is damaged, or is none");
    }

    @Test
    public void missingFolder_isMade() throws IOException {
        Path path = disk.folder.resolve("a/b/counters.mv");
        new MvstoreBackend("mvstore", path, 10, false, OnDisk.SILENT).close();
        assertTrue(Files.exists(path));
        Files.delete(path);
        Files.delete(path.getParent());
        Files.delete(path.getParent().getParent());
    }

    @Test
    public void folderThatCannotBeMade_isRefused() throws IOException {
        Files.createFile(disk.file);
        assertRefused(disk.file.resolve("counters.mv"), "cannot be made");
    }

    @Test
    public void fileWithoutPermission_isRefused() throws IOException {
        write(2, 4, 6);
        Files.setPosixFilePermissions(disk.file, PosixFilePermissions.fromString("r--r--r--"));
        assumeThatPermissionsCount();
        assertRefused(disk.file, "may not be read and written");
        Files.setPosixFilePermissions(disk.file, PosixFilePermissions.fromString("-w--w--w-"));
        try {
            CounterFile.open(disk.file);
            fail();
        } catch (IOException e) {
            assertTrue(e.getMessage(), e.getMessage().contains("may not be read and written: file=" + disk.file));
        }
    }

    private void assumeThatPermissionsCount() {
        if (Files.isWritable(disk.file)) {
            System.err.println("SKIPPED: this user may write where there is no permission");
            assumeTrue(false);
        }
    }

    @Test
    public void file_inUse_isRefusedToAnyOther() throws Exception {
        write(2, 4, 6);
        String refusal = "file of counters is in use by another process or instance: file=" + disk.file;
        try (MvstoreBackend backend = disk.open()) {
            // Nobody here may so much as read the file meanwhile: to close it would take the lock away.
            assertEquals(refusal, assertThrows(IOException.class, disk::open).getMessage());
            String said = inAnotherProcess();
            assertTrue(said, said.startsWith(refusal));
            backend.inc("a", "b", 1, 0);
            backend.flush("a");
        }
        assertEquals("opened", inAnotherProcess());
        assertEquals(Map.of("b", 1L), Values.in(disk.file).get("a"));
    }

    /** What another process says to the file. */
    private String inAnotherProcess() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opening.class.getName(),
                        disk.file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip();
    }

    /** A process that opens a file. */
    public static final class Opening {

        private Opening() {}

        public static void main(String[] arguments) {
            try {
                new MvstoreBackend("mvstore", Path.of(arguments[0]), 10, false, OnDisk.SILENT).close();
                System.out.println("opened");
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
