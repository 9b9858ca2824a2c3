package org.counterex.backend.mvstore.provider;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.counterex.tck.Seed;
import org.h2.mvstore.MVStore;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/**
 * A file that is not as it was written: either it is taken as one of the states that were written, whole, and what is lost is
 * said as far as that can be told; or it is refused by its name, and is the same afterwards to the last byte.
 */
public class DamagedFileTest {

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
        try (MvstoreBackend backend = new MvstoreBackend("mvstore", disk.file, 3_600_000, false, lines.log())) {
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
        assertFalse(damage + ": nothing is said of when it was written", lines.with("written=").isEmpty());
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
        for (int length = Integer.getInteger("from", 0); length < whole.length; length++) {
            if (Boolean.getBoolean("keep")) { Files.write(Path.of("/tmp/store/cut.mv"), Arrays.copyOf(whole, length)); }
            stateIn(Arrays.copyOf(whole, length), "length=" + length);
        }
        System.out.println("bytes=" + whole.length + " taken=" + taken + " refused=" + refused);
    }
}
