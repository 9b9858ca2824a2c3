package org.counterex.backend.mvstore.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.counterex.api.BackendUnavailableException;
import org.counterex.backend.mvstore.provider.file.ExpectedValues;
import org.counterex.support.log.ServiceLog;
import org.counterex.tck.Lines;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * A full disk on which space is freed later, simulated by a process with a limit on the length of files, which is
 * lifted while it runs.
 */
public class FullDiskTest {

    private static final int LENGTH = 256 << 10;
    private static final int FEW = 500;
    private static final int MANY = 30_000;

    private final TestFolder disk;
    private Process process;
    private BufferedReader answers;
    private PrintStream questions;

    public FullDiskTest() throws IOException {
        disk = new TestFolder();
    }

    @Before
    public void assumeFileLengthCanBeLimited() throws InterruptedException {
        boolean limited;
        try {
            limited = new ProcessBuilder("prlimit", "--fsize=4096:unlimited", "true")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            limited = false;
        }
        if (!limited) {
            System.err.println("SKIPPED: no prlimit to simulate a full disk");
        }
        assumeTrue(limited);
    }

    @After
    public void close() throws IOException {
        if (process != null) {
            process.destroyForcibly();
        }
        disk.close();
    }

    private void start(boolean awaitsCommit) throws IOException {
        process = new ProcessBuilder(
                        "prlimit",
                        "--fsize=" + LENGTH + ":unlimited",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Counting.class.getName(),
                        disk.file.toString(),
                        Boolean.toString(awaitsCommit))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    private String ask(String question) throws IOException {
        questions.println(question);
        return answers.readLine();
    }

    private void end() throws IOException, InterruptedException {
        assertEquals("closed", ask("close"));
        questions.close();
        assertEquals(0, process.waitFor());
    }

    private void freeSpace() throws IOException, InterruptedException {
        int done = new ProcessBuilder("prlimit", "--pid", Long.toString(process.pid()), "--fsize=unlimited")
                .start()
                .waitFor();
        assertEquals(0, done);
    }

    private void await(String question, String text, boolean there) {
        String[] last = new String[1];
        Awaitility.await(question)
                .atMost(Duration.ofMinutes(1))
                .failFast(() -> !process.isAlive())
                .until(() -> (last[0] = ask(question)).contains(text) == there);
    }

    private void assertInFile(int few, int many) throws IOException {
        Map<String, Long> expected = new TreeMap<>();
        for (int i = 0; i < MANY; i++) {
            expected.put("counter-" + i, (long) (i < FEW ? few : many));
        }
        assertEquals(Map.of("a", expected), ExpectedValues.in(disk.file));
    }

    @Test
    public void counting_whileDiskIsFull_continuesAndIsWrittenLater() throws Exception {
        start(false);
        assertEquals("counted", ask("add " + FEW));
        assertEquals("flushed", ask("flush"));
        assertEquals("counted", ask("add " + MANY));
        await("details", "problem=", true);
        for (int i = 0; i < 10; i++) {
            assertEquals("counted", ask("add " + FEW));
            assertTrue(ask("flush").contains("not on disk yet"));
        }
        assertEquals("12", ask("get 0"));
        assertEquals("1", ask("get " + (MANY - 1)));
        assertEquals("1", ask("lines counter file cannot be written, counting continues in memory"));
        assertEquals("0", ask("lines counter file is written again"));
        freeSpace();
        await("details", "unflushed=0", true);
        await("details", "problem=", false);
        assertEquals("1", ask("lines counter file cannot be written, counting continues in memory"));
        assertEquals("1", ask("lines counter file is written again"));
        assertEquals("counted", ask("add " + FEW));
        end();
        assertInFile(13, 1);
    }

    @Test
    public void close_whileDiskIsFull_leavesTheLastWrittenState() throws Exception {
        start(false);
        assertEquals("counted", ask("add " + FEW));
        assertEquals("flushed", ask("flush"));
        assertEquals("counted", ask("add " + MANY));
        await("details", "problem=", true);
        assertEquals("closed", ask("close"));
        assertEquals("1", ask("lines unwritten changes, which are lost"));
        end();
        Map<String, Long> found = ExpectedValues.in(disk.file).get("a");
        assertTrue("counters=" + found.size(), found.size() >= FEW && found.size() < MANY);
        assertTrue(found.toString(), Set.of(1L, 2L).containsAll(found.values()));
    }

    @Test
    public void durableCalls_whileDiskIsFull_reportUnknownOutcome() throws Exception {
        start(true);
        String answer = "";
        int added = 0;
        while (!answer.contains("not on disk yet")) {
            answer = ask("inc " + added++);
            assertTrue(answer, answer.equals("1") || answer.contains("not on disk yet"));
        }
        assertEquals("1", ask("get " + (added - 1)));
        assertTrue(ask("inc 0").contains("not on disk yet"));
        assertEquals("2", ask("get 0"));
        freeSpace();
        await("inc 0", "not on disk yet", false);
        long value = Long.parseLong(ask("get 0"));
        end();
        Map<String, Long> found = ExpectedValues.in(disk.file).get("a");
        assertEquals(added, found.size());
        assertEquals((Long) value, found.get("counter-0" + "x".repeat(1000)));
    }

    /** Main class of a process that executes commands from its standard input. */
    public static final class Counting {

        private Counting() {}

        public static void main(String[] arguments) throws IOException {
            Lines lines = new Lines();
            boolean awaitsCommit = Boolean.parseBoolean(arguments[1]);
            MvstoreBackend backend = new MvstoreBackend(
                    "mvstore", Path.of(arguments[0]), 20, awaitsCommit, new ServiceLog("test", lines::service));
            String tail = awaitsCommit ? "x".repeat(1000) : "";
            Scanner questions = new Scanner(System.in, StandardCharsets.UTF_8);
            while (questions.hasNext()) {
                System.out.println(answer(
                        backend,
                        lines,
                        tail,
                        questions.next(),
                        questions.nextLine().strip()));
            }
        }

        private static String answer(MvstoreBackend backend, Lines lines, String tail, String verb, String rest) {
            try {
                switch (verb) {
                    case "add" -> {
                        for (int i = 0; i < Integer.parseInt(rest); i++) {
                            backend.inc("a", "counter-" + i, 1, 0);
                        }
                        return "counted";
                    }
                    case "inc" -> {
                        return Long.toString(backend.inc("a", "counter-" + rest + tail, 1, 0));
                    }
                    case "get" -> {
                        return Long.toString(
                                backend.get("a", "counter-" + rest + tail).orElseThrow());
                    }
                    case "flush" -> {
                        backend.flush("a");
                        return "flushed";
                    }
                    case "details" -> {
                        return backend.info().details().toString();
                    }
                    case "lines" -> {
                        return Integer.toString(lines.with(rest).size());
                    }
                    case "close" -> {
                        backend.close();
                        return "closed";
                    }
                    default -> throw new IllegalArgumentException(verb);
                }
            } catch (BackendUnavailableException e) {
                return e.getMessage() + " applied=" + e.mayHaveBeenApplied();
            }
        }
    }
}
