package org.counterex.backend.mvstore.provider.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.counterex.backend.mvstore.provider.TestFolder;
import org.counterex.tck.Seed;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/**
 * Bound of the length of a file: three times the live data, which is the length of a new file with the same counters,
 * plus half a megabyte, below which compaction is not worthwhile. The first tenth of the flushes is warm-up.
 *
 * <p>{@code -Dcounterex.flushes=864000} runs as many flushes as a day has at ten a second.
 */
public class BoundedFileTest {

    private static final int FLUSHES = Integer.getInteger("counterex.flushes", 300);
    private static final int CHECKS = 10;
    private static final int TIMES = 3;
    private static final long FLOOR = 512 << 10;

    @Rule
    public final Seed seed = new Seed();

    private final TestFolder disk;
    private final CounterFile file;
    private final ExpectedValues values;
    private long longest;
    private long liveBefore;

    public BoundedFileTest() throws IOException {
        disk = new TestFolder();
        file = CounterFile.open(disk.file);
        file.openForWriting();
        values = new ExpectedValues(file);
    }

    @After
    public void close() throws IOException {
        file.close();
        disk.close();
    }

    /** The changes of one flush. */
    private interface Flush {
        void make(Random random, int number);
    }

    private void flushes(Flush flush) throws IOException {
        Random random = seed.random(0);
        liveBefore = live();
        for (int i = 1; i <= FLUSHES; i++) {
            flush.make(random, i);
            file.commit();
            longest = Math.max(longest, file.bytes());
            if (i % (FLUSHES / CHECKS) == 0) {
                check(i);
            }
        }
        file.close();
        assertEquals(values.copy(), ExpectedValues.in(disk.file));
    }

    private void check(int flush) throws IOException {
        long live = live();
        long most = TIMES * Math.max(live, liveBefore) + FLOOR;
        boolean warm = flush > FLUSHES / CHECKS;
        assertTrue("flush=" + flush + " bytes=" + longest + " live=" + live, !warm || longest <= most);
        liveBefore = live;
        longest = 0;
    }

    private long live() throws IOException {
        Path copy = disk.folder.resolve("copy.mv");
        values.writeTo(copy);
        long live = Files.size(copy);
        Files.delete(copy);
        return live;
    }

    private void fill(String namespace, int counters) {
        for (int i = 0; i < counters; i++) {
            values.put(namespace, "counter-" + i, i);
        }
        file.commit();
    }

    @Test
    public void file_sameCountersChange_staysBounded() throws IOException {
        fill("a", 100_000);
        flushes((random, number) -> {
            for (int i = 0; i < 100; i++) {
                values.put("a", "counter-" + 1000 * i, number);
            }
        });
    }

    @Test
    public void file_randomCountersChange_staysBounded() throws IOException {
        fill("a", 100_000);
        flushes((random, number) -> {
            for (int i = 0; i < 100; i++) {
                values.put("a", "counter-" + random.nextInt(100_000), number);
            }
        });
    }

    @Test
    public void file_ofFewCounters_staysBounded() throws IOException {
        fill("a", 10);
        flushes((random, number) -> values.put("a", "counter-" + random.nextInt(10), number));
    }

    @Test
    public void file_growsAndShrinks_staysBounded() throws IOException {
        flushes((random, number) -> {
            boolean growing = number * 8L / FLUSHES % 2 == 0;
            for (int i = 0; i < 200; i++) {
                String key = "counter-" + random.nextInt(20_000);
                if (growing || random.nextInt(16) == 0) {
                    values.put("a", key, number);
                } else {
                    values.remove("a", key);
                }
            }
        });
    }

    @Test
    public void file_namespacesComeAndGo_staysBounded() throws IOException {
        for (int i = 0; i < 200; i++) {
            fill("namespace-" + i, 100);
        }
        flushes((random, number) -> {
            String namespace = "namespace-" + random.nextInt(200);
            if (random.nextInt(4) == 0) {
                values.drop(namespace);
            }
            for (int i = 0; i < 100; i++) {
                values.put(namespace, "counter-" + i, random.nextLong() >> random.nextInt(64));
            }
        });
    }

    @Test
    public void file_mostCountersRemoved_becomesShort() throws IOException {
        fill("a", 100_000);
        fill("b", 100);
        values.drop("a");
        flushes((random, number) -> values.put("b", "counter-" + random.nextInt(100), number));
    }

    @Test
    public void file_pagesAlmostEmpty_becomesShort() throws IOException {
        fill("a", 100_000);
        for (int i = 0; i < 100_000; i++) {
            if (i % 100 != 0) {
                values.remove("a", "counter-" + i);
            }
        }
        flushes((random, number) -> values.put("a", "counter-" + 100 * random.nextInt(1_000), number));
    }
}
