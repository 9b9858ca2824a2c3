package org.counterex.backend.mvstore.provider.file;

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
import org.counterex.backend.mvstore.provider.MvstoreBackend;
import org.counterex.backend.mvstore.provider.TestFolder;
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
 * Damaged files: either the file is accepted, and one of the states that were written is found in it, complete, and
 * lost states are logged as far as they can be detected; or it is rejected with a message that names it, and is not
 * modified.
 */
public class DamagedFileTest {

    private static final int BLOCK = 4096;

    @Rule
    public final Seed seed = new Seed();

    private final TestFolder disk;

    /** All states that were written; the file contains the last. */
    private final List<Map<String, Map<String, Long>>> states = new ArrayList<>();

    private byte[] whole;
    private int accepted;
    private int rejected;

    public DamagedFileTest() throws IOException {
        disk = new TestFolder();
    }

    @After
    public void close() throws IOException {
        disk.close();
    }

    /** Writes a file whose states are scattered, as after some time of use. */
    private void write(int namespaces, int counters, int commits) throws IOException {
        Random random = seed.random(0);
        CounterFile file = CounterFile.open(disk.file);
        file.openForWriting();
        ExpectedValues values = new ExpectedValues(file);
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
        assertEquals(states.get(commits), ExpectedValues.in(disk.file));
    }

    /** Replaces the file by bytes, and returns the index of the state found in them, -1 if they are rejected. */
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
            assertArrayEquals(damage + ": file was modified", bytes, Files.readAllBytes(disk.file));
            rejected++;
            return -1;
        }
        accepted++;
        int state = states.lastIndexOf(found);
        assertTrue(damage + ": not a state that was written: " + found, state >= 0);
        assertFalse(
                damage + ": the log does not show when it was written",
                lines.with("written=").isEmpty());
        if (state < states.size() - 1 && !lines.with("lost=").isEmpty()) {
            assertEquals(
                    damage, 1, lines.with("states of the counter file are lost").size());
        }
        assertEquals(damage + " after opening it again", found, withoutEmpty(ExpectedValues.in(disk.file)));
        return state;
    }

    private static Map<String, Map<String, Long>> withoutEmpty(Map<String, Map<String, Long>> values) {
        values.values().removeIf(Map::isEmpty);
        return values;
    }

    @Test
    public void file_truncatedAtAnyByte_isACompleteStateOrRejected() throws IOException {
        write(2, 4, 6);
        for (int length = 0; length < whole.length; length++) {
            stateIn(Arrays.copyOf(whole, length), "length=" + length);
        }
        assertTrue("accepted=" + accepted + " rejected=" + rejected, accepted > 0 && rejected > 0);
    }

    @Test
    public void longFile_truncatedAnywhere_isACompleteStateOrRejected() throws IOException {
        write(50, 100, 100);
        Random random = seed.random(1);
        for (int i = 0; i < seed.rounds(300); i++) {
            int length = random.nextInt(whole.length);
            stateIn(Arrays.copyOf(whole, length), "length=" + length);
        }
    }

    @Test
    public void file_withGarbage_isACompleteStateOrRejected() throws IOException {
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
    public void file_withBlocksOfItsPast_isACompleteStateOrRejected() throws IOException {
        write(10, 50, 20);
        byte[] past = whole;
        CounterFile file = CounterFile.open(disk.file);
        ExpectedValues values = new ExpectedValues(file);
        values.load(ExpectedValues.in(file));
        file.openForWriting();
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
    public void file_withOneBitFlipped_isACompleteStateOrRejected() throws IOException {
        write(5, 20, 20);
        Random random = seed.random(1);
        for (int i = 0; i < seed.rounds(2_000); i++) {
            byte[] bytes = whole.clone();
            int bit = random.nextInt(8 * whole.length);
            bytes[bit / 8] ^= 1 << bit % 8;
            stateIn(bytes, "bit=" + bit);
        }
        assertTrue("accepted=" + accepted + " rejected=" + rejected, accepted > 0 && rejected > 0);
    }

    @Test
    public void olderCopy_isAcceptedAndItsAgeLogged() throws IOException {
        write(5, 20, 20);
        byte[] older = whole;
        int state = states.size() - 1;
        CounterFile file = CounterFile.open(disk.file);
        Instant written = file.written();
        ExpectedValues values = new ExpectedValues(file);
        values.load(ExpectedValues.in(file));
        file.openForWriting();
        values.put("namespace-1", "counter-1", 1_000_000);
        file.commit();
        states.add(values.copy());
        file.close();
        Lines lines = new Lines();
        assertEquals(state, stateIn(older, "older copy"));
        new MvstoreBackend("mvstore", disk.file, 3_600_000, false, new ServiceLog("test", lines::service)).close();
        assertEquals(lines.toString(), 1, lines.with("counters loaded").size());
        assertEquals(lines.toString(), 1, lines.with("written=" + written).size());
    }

    @Test
    public void newestStates_cutOff_areLoggedAsLost() throws IOException {
        write(5, 20, 30);
        boolean logged = false;
        for (int length = whole.length - BLOCK; length >= 3 * BLOCK && !logged; length -= BLOCK) {
            Lines lines = new Lines();
            Files.write(disk.file, Arrays.copyOf(whole, length));
            try (MvstoreBackend backend = new MvstoreBackend(
                    "mvstore", disk.file, 3_600_000, false, new ServiceLog("test", lines::service))) {
                logged = !lines.with("error newest states").isEmpty();
            } catch (IOException e) {
                assertTrue(lines.with("counters loaded").isEmpty());
            }
        }
        assertTrue(logged);
    }

    /** Asserts that a file is rejected with a message, and left unchanged. */
    private void assertRejected(Path path, String message) throws IOException {
        byte[] before = Files.isRegularFile(path) ? Files.readAllBytes(path) : null;
        try {
            new MvstoreBackend("mvstore", path, 10, false, TestFolder.SILENT).close();
            fail("accepted: " + path);
        } catch (IOException e) {
            assertTrue(e.getMessage(), e.getMessage().startsWith(message + ": file="));
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
    public void emptyFile_isRejected() throws IOException {
        Files.createFile(disk.file);
        assertRejected(disk.file, "counter file is empty, left unchanged");
    }

    @Test
    public void directory_isRejected() throws IOException {
        Files.createDirectory(disk.file);
        assertRejected(disk.file, "counter file is a directory");
    }

    @Test
    public void fileOfAnotherProgram_isRejected() throws IOException {
        Files.writeString(disk.file, "a text\n".repeat(10_000));
        assertRejected(disk.file, "file is corrupt or not a counter file, left unchanged");
        Files.writeString(disk.file, "a short text");
        assertRejected(disk.file, "counter file cannot be read, left unchanged");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(disk.file))) {
            out.write(new byte[10_000_000]);
        }
        assertRejected(disk.file, "file is corrupt or not a counter file, left unchanged");
        Files.delete(disk.file);
        MVStore other = MVStore.open(disk.file.toString());
        other.openMap("counters").put("a", 1L);
        other.close();
        assertRejected(disk.file, "file is corrupt or not a counter file, left unchanged");
    }

    @Test
    public void fileOfAnotherVersion_isRejected() throws IOException {
        write(2, 4, 6);
        MVStore other = MVStore.open(disk.file.toString());
        other.setStoreVersion(2);
        other.close();
        assertRejected(disk.file, "counter file has an unsupported format, left unchanged");
    }

    /** All page checksums match, as if a reference led to a page of another state. */
    @Test
    public void counterOfAnotherState_isRejected() throws IOException {
        write(2, 4, 6);
        MVStore other = MVStore.open(disk.file.toString());
        MVMap<CounterKey, Long> counters = other.openMap(
                "counters",
                new MVMap.Builder<CounterKey, Long>()
                        .keyType(new ChecksummedType<>(new CounterKey.Type()))
                        .valueType(new ChecksummedType<>(LongDataType.INSTANCE)));
        counters.put(counters.firstKey(), counters.get(counters.firstKey()) + 1);
        other.close();
        assertRejected(disk.file, "file is corrupt or not a counter file, left unchanged");
    }

    @Test
    public void damage_whileInUse_isDetectedWhenThePageIsRewritten() throws IOException {
        CounterFile file = CounterFile.open(disk.file);
        file.openForWriting();
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
        assertRejected(disk.file, "file is corrupt or not a counter file, left unchanged");
    }

    @Test
    public void missingFolder_isCreated() throws IOException {
        Path path = disk.folder.resolve("a/b/counters.mv");
        new MvstoreBackend("mvstore", path, 10, false, TestFolder.SILENT).close();
        assertTrue(Files.exists(path));
        Files.delete(path);
        Files.delete(path.getParent());
        Files.delete(path.getParent().getParent());
    }

    @Test
    public void folderThatCannotBeCreated_isRejected() throws IOException {
        Files.createFile(disk.file);
        assertRejected(disk.file.resolve("counters.mv"), "counter file cannot be created");
    }

    @Test
    public void fileWithoutPermission_isRejected() throws IOException {
        write(2, 4, 6);
        Files.setPosixFilePermissions(disk.file, PosixFilePermissions.fromString("r--r--r--"));
        assumePermissionsAreEnforced();
        assertRejected(disk.file, "counter file is not readable and writable");
        Files.setPosixFilePermissions(disk.file, PosixFilePermissions.fromString("-w--w--w-"));
        try {
            CounterFile.open(disk.file);
            fail();
        } catch (IOException e) {
            assertTrue(
                    e.getMessage(),
                    e.getMessage().contains("counter file is not readable and writable: file=" + disk.file));
        }
    }

    private void assumePermissionsAreEnforced() {
        if (Files.isWritable(disk.file)) {
            System.err.println("SKIPPED: this user can write without permission");
            assumeTrue(false);
        }
    }

    @Test
    public void file_inUse_isRejected() throws Exception {
        write(2, 4, 6);
        String message = "counter file is in use by another process or instance: file=" + disk.file;
        try (MvstoreBackend backend = disk.open()) {
            // This process must not even read the file meanwhile: closing it would release the lock.
            assertEquals(message, assertThrows(IOException.class, disk::open).getMessage());
            String output = inAnotherProcess();
            assertTrue(output, output.startsWith(message));
            backend.inc("a", "b", 1, 0);
            backend.flush("a");
        }
        assertEquals("opened", inAnotherProcess());
        assertEquals(Map.of("b", 1L), ExpectedValues.in(disk.file).get("a"));
    }

    /** Opens the file in another process, and returns what it prints. */
    private String inAnotherProcess() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opening.class.getName(),
                        disk.file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    /** Main class of a process that opens a file. */
    public static final class Opening {

        private Opening() {}

        public static void main(String[] arguments) {
            try {
                new MvstoreBackend("mvstore", Path.of(arguments[0]), 10, false, TestFolder.SILENT).close();
                System.out.println("opened");
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
