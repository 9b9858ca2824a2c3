package org.counterex.launcher;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LogFileTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2025-01-02T12:00:00Z"), ZoneOffset.UTC);
    private static final String TIME = "2025-01-02T12:00:00.000Z ";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path file;

    @Before
    public void placeFile() {
        file = folder.getRoot().toPath().resolve("counterex.log");
    }

    @Test
    public void write_severalLines_haveTimeStamps() throws IOException {
        PrintStream log = log(1_000);
        log.print("one\ntwo ");
        log.println("halves");
        log.println("ünï");
        assertEquals(TIME + "one\n" + TIME + "two halves\n" + TIME + "ünï\n", Files.readString(file));
    }

    @Test
    public void write_singleBytes_areTheSame() throws IOException {
        try (LogFile log = new LogFile(file, 1_000, 1, NOON)) {
            for (byte b : "one\ntwo".getBytes(StandardCharsets.UTF_8)) {
                log.write(b);
            }
        }
        assertEquals(TIME + "one\n" + TIME + "two", Files.readString(file));
    }

    @Test
    public void write_fullFile_rollsOverBetweenLines() throws IOException {
        PrintStream log = log(40);
        for (int i = 1; i <= 4; i++) {
            log.print("line " + i + " that is long ");
            log.println("enough");
        }
        assertEquals("", Files.readString(file));
        assertEquals(TIME + "line 4 that is long enough\n", Files.readString(older(1)));
        assertEquals(TIME + "line 3 that is long enough\n", Files.readString(older(2)));
        assertFalse("only two older files are kept", Files.exists(older(3)));
    }

    @Test
    public void open_existingFile_appends() throws IOException {
        log(60).println("before");
        PrintStream log = log(60);
        log.println("after");
        log.println("next");
        assertEquals(TIME + "before\n" + TIME + "after\n", Files.readString(older(1)));
        assertEquals(TIME + "next\n", Files.readString(file));
    }

    private PrintStream log(long maxBytes) throws IOException {
        return new PrintStream(new LogFile(file, maxBytes, 2, NOON), true, StandardCharsets.UTF_8);
    }

    private Path older(int age) {
        return file.resolveSibling("counterex." + age + ".log");
    }
}
