package org.counterex.backend.mvstore.provider.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.counterex.backend.mvstore.provider.MvstoreBackend;
import org.counterex.backend.mvstore.provider.TestFolder;
import org.counterex.support.log.ServiceLog;
import org.counterex.tck.Lines;
import org.junit.After;
import org.junit.Test;

/** Costs of a million counters. */
public class LargeFileTest {

    private static final int FEW = 1_000;
    private static final int MANY = 1_000_000;
    private static final int FLUSHES = 50;

    private final TestFolder disk;

    public LargeFileTest() throws IOException {
        disk = new TestFolder();
    }

    @After
    public void close() throws IOException {
        disk.close();
    }

    private CounterFile filled(int counters) throws IOException {
        CounterFile file = CounterFile.open(disk.file);
        file.openForWriting();
        for (int i = 0; i < counters; i++) {
            file.put("namespace-" + i % 10, "counter-" + i, (long) i);
        }
        file.commit();
        return file;
    }

    /** Returns the number of bytes that a flush of ten changes writes. */
    private static long bytesOfAFlush(CounterFile file, int counters) {
        long before = file.writtenBytes();
        for (int flush = 0; flush < FLUSHES; flush++) {
            for (int i = 0; i < 10; i++) {
                int counter = (int) ((flush * 10L + i) * 7_919 % counters);
                file.put("namespace-" + counter % 10, "counter-" + counter, (long) flush);
            }
            file.commit();
        }
        return (file.writtenBytes() - before) / FLUSHES;
    }

    @Test
    public void flush_ofTenChanges_costDoesNotGrowWithTheFile() throws IOException {
        CounterFile file = filled(FEW);
        long few = bytesOfAFlush(file, FEW);
        file.close();
        Files.delete(disk.file);
        file = filled(MANY);
        long stored = file.bytes();
        long many = bytesOfAFlush(file, MANY);
        file.close();
        assertTrue("bytes with " + FEW + "=" + few + " with " + MANY + "=" + many, many < 4 * few);
        assertTrue("bytes of a flush=" + many + " stored=" + stored, many < stored / 100);
    }

    @Test
    public void load_ofAMillionCounters_logsProgressOnceASecond() throws IOException {
        filled(MANY).close();
        Lines lines = new Lines();
        long begun = System.nanoTime();
        try (MvstoreBackend backend =
                new MvstoreBackend("mvstore", disk.file, 3_600_000, false, new ServiceLog("test", lines::service))) {
            long seconds = (System.nanoTime() - begun) / 1_000_000_000;
            Map<String, Long> namespaces = backend.info().namespaces();
            assertEquals(10, namespaces.size());
            assertEquals(
                    List.of((long) MANY / 10),
                    namespaces.values().stream().distinct().toList());
            assertEquals(999_999, backend.get("namespace-9", "counter-999999").orElseThrow());
            assertTrue(lines.toString(), lines.with("loading counters").size() <= seconds);
            assertEquals(lines.toString(), 1, lines.with("counters=1000000").size());
        }
    }
}
