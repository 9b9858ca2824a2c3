package org.counterex.shell.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.counterex.shell.provider.tally.Splitter;
import org.counterex.shell.provider.tally.Tally;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

public class TallyCommandTest {

    /** Turns a hanging test into a failure. */
    @Rule
    public final Timeout timeout = Timeout.seconds(60);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private TestShell shell = new TestShell();

    @Before
    public void changeDirectory() {
        shell.directory(folder.getRoot().toPath());
    }

    @After
    public void close() {
        shell.close();
    }

    @Test
    public void tally_withoutOption_countsLines() throws Exception {
        file("f", "a b\na b\r\n\nc");
        assertEquals("lines: 3 counted, 0 skipped", shell.show("counter:tally t f"));
        assertEquals(Map.of("a b", 2L, "c", 1L), counts("t"));
    }

    @Test
    public void tally_again_addsToTheCounters() throws Exception {
        file("f", "a\n");
        shell.run("counter:set t a 5; counter:tally t f; counter:tally t f");
        assertEquals(Map.of("a", 7L), counts("t"));
    }

    @Test
    public void tally_words_areCountedUnchanged() throws Exception {
        file("f", "The the, the\tTHE\n\u00e9t\u00e9 the,");
        assertEquals("words: 6 counted, 0 skipped", shell.show("counter:tally t f --words"));
        assertEquals(Map.of("The", 1L, "the,", 2L, "the", 1L, "THE", 1L, "\u00e9t\u00e9", 1L), counts("t"));
    }

    @Test
    public void tally_field_isCounted() throws Exception {
        file("f", "GET /a 200\nGET /b 404\nbroken\n\nGET /a 200");
        assertEquals("fields: 3 counted, 0 skipped", shell.show("counter:tally t f --field 3"));
        assertEquals(Map.of("200", 2L, "404", 1L), counts("t"));
        assertEquals(
                "number is out of range: --field=0 lowest=1 highest=9223372036854775807",
                shell.fail("counter:tally t f --field 0"));
        assertEquals("not a whole number: --field=two", shell.fail("counter:tally t f --field two"));
    }

    @Test
    public void tally_matches_countFirstGroupOrAll() throws Exception {
        file("f", "id=1 id=22 x\nid=1\nno\n");
        assertEquals("matches: 3 counted, 0 skipped", shell.show("counter:tally group --match 'id=(\\d+)' f"));
        assertEquals(Map.of("1", 2L, "22", 1L), counts("group"));
        shell.run("counter:tally whole f --match 'id=\\d'");
        assertEquals(Map.of("id=1", 2L, "id=2", 1L), counts("whole"));
    }

    @Test
    public void matches_emptyOrMissing_areNotCounted() throws Exception {
        file("f", "ab\n");
        assertEquals("matches: 0 counted, 0 skipped", shell.show("counter:tally t f --match 'x*'"));
        assertEquals("matches: 1 counted, 0 skipped", shell.show("counter:tally t f --match '(b)|a'"));
        assertEquals(Map.of("b", 1L), counts("t"));
    }

    @Test
    public void expression_invalid_changesNothing() throws Exception {
        file("f", "a\n");
        assertEquals(
                "not a regular expression: --match=a( problem=Unclosed group index=2",
                shell.fail("counter:tally t f --match 'a('"));
        assertTrue(counts("t").isEmpty());
    }

    @Test
    public void expression_overflowingTheStack_isOneLine() throws Exception {
        file("f", "ok\n" + "ab".repeat(100_000) + "\n");
        String message = shell.fail("counter:tally t f --match '^(a|b|ok)*$'");
        assertEquals(
                "regular expression overflows the stack on a line: --match=^(a|b|ok)*$ characters=200000 counted before=1",
                message);
    }

    @Test
    public void options_conflicting_areRejected() throws Exception {
        file("f", "a\n");
        assertEquals(
                "options exclude each other: option=--field usage=counter:tally NS FILE [--words | --field N | --match REGEX]",
                shell.fail("counter:tally t f --words --field 1"));
        assertTrue(counts("t").isEmpty());
    }

    @Test
    public void token_tooLong_isSkippedAndReported() throws Exception {
        String longest = "\uD83D\uDE00".repeat(512);
        file("f", longest + " x " + longest + "y\n" + "\u20ac".repeat(1025) + " " + "z".repeat(100_000));
        assertEquals("words: 2 counted, 3 skipped as too long", shell.show("counter:tally t f --words"));
        assertEquals(Map.of(longest, 1L, "x", 1L), counts("t"));
    }

    @Test
    public void line_tooLongToSearch_isSkippedAndReported() throws Exception {
        file("f", "a\n" + "a".repeat(Tally.MAX_LINE_BYTES + 1) + "\na\n");
        assertEquals("matches: 2 counted, 1 skipped as too long", shell.show("counter:tally t f --match '^a'"));
    }

    @Test
    public void bytes_invalidUtf8_areCountedSeparately() throws Exception {
        Files.write(path("f"), new byte[] {'x', (byte) 0xE9, '\n', 'x', (byte) 0xE8, '\n', 'x', (byte) 0xE9, '\n'});
        shell.run("counter:tally t f");
        assertEquals(Map.of("x\uEFE9", 2L, "x\uEFE8", 1L), counts("t"));
    }

    @Test
    public void line_endless_usesBoundedMemory() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Tally tally = new Tally(shell.counters.namespace("t"));
        long before = threads.getCurrentThreadAllocatedBytes();
        tally.count(new Endless(256L << 20), Splitter.words(Tally.MAX_TOKEN_BYTES, tally), bytes -> {});
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(1, tally.skipped());
        assertTrue("allocated=" + allocated, allocated < 1 << 20);
    }

    @Test
    public void tally_standardInput_isRead() throws Exception {
        shell.close();
        shell = new TestShell(Integer.MAX_VALUE, TestShell.input("a b\nb"));
        assertEquals("words: 3 counted, 0 skipped", shell.show("counter:tally t - --words"));
        assertEquals(Map.of("a", 1L, "b", 2L), counts("t"));
        assertEquals("", shell.printed());
    }

    @Test
    public void tally_terminal_readsTypedLines() throws Exception {
        LineDisciplineTerminal terminal = terminal(OutputStream.nullOutputStream());
        type(terminal, "a 'b!\rb! \\\\\r\u0004c");
        assertEquals("words: 4 counted, 0 skipped", shell.show("counter:tally t - --words"));
        assertEquals(Map.of("a", 1L, "'b!", 1L, "b!", 1L, "\\\\", 1L), counts("t"));
        assertEquals(
                "later input is left for the prompt", 'c', terminal.reader().read(1000));
    }

    @Test
    public void tally_terminal_endsOnCtrlC() throws Exception {
        ByteArrayOutputStream echo = new ByteArrayOutputStream();
        LineDisciplineTerminal terminal = terminal(echo);
        ExecutorService other = Executors.newSingleThreadExecutor();
        Future<String> message = other.submit(() -> shell.fail("counter:tally t -"));
        // From then on the line editor echoes.
        Awaitility.await("raw mode").until(() -> !terminal.getAttributes().getLocalFlag(LocalFlag.ECHO));
        type(terminal, "half");
        Awaitility.await("the line is read").until(() -> echo.toString().contains("half"));
        type(terminal, "\u0003");
        assertEquals("interrupted", message.get());
        other.shutdown();
    }

    private LineDisciplineTerminal terminal(OutputStream out) throws IOException {
        LineDisciplineTerminal terminal = new LineDisciplineTerminal("test", "xterm", out, StandardCharsets.UTF_8);
        shell.session.put(".terminal", terminal);
        return terminal;
    }

    private static void type(LineDisciplineTerminal terminal, String keys) throws IOException {
        terminal.processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    public void tally_inAPipe_readsTheOutput() throws Exception {
        shell.run("counter:inc a x 3; counter:all a | counter:tally t - --field 2");
        assertEquals(Map.of("3", 1L), counts("t"));
    }

    @Test
    public void file_missing_isOneLine() throws Exception {
        assertEquals("no such file: FILE=" + path("nonesuch"), shell.fail("counter:tally t nonesuch"));
        folder.newFolder("d");
        assertEquals("file is a directory: FILE=" + path("d"), shell.fail("counter:tally t d"));
        assertTrue(shell.fail("counter:tally t $'a\\u0000b'").startsWith("Nul character not allowed: a\\u0000b"));
    }

    @Test
    public void namespace_full_reportsTheProgress() throws Exception {
        shell.close();
        shell = new TestShell(2, InputStream.nullInputStream());
        changeDirectory();
        file("f", "a\nb\na\nc\nd\n");
        assertEquals(
                "namespace is full: namespace=t key=c capacity=2 counted before=3", shell.fail("counter:tally t f"));
        assertEquals(Map.of("a", 2L, "b", 1L), counts("t"));
    }

    @Test
    public void tally_interrupted_ends() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Tally tally = new Tally(shell.counters.namespace("t"));
            Splitter lines = Splitter.lines(Tally.MAX_TOKEN_BYTES, tally);
            Future<?> running = other.submit(() -> {
                tally.count(new Endless(Long.MAX_VALUE), lines, bytes -> {});
                return null;
            });
            other.shutdownNow();
            Awaitility.await().until(running::isDone);
        } finally {
            other.shutdownNow();
        }
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(path(name), text);
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private Map<String, Long> counts(String namespace) {
        return shell.counters.namespace(namespace).getAll();
    }

    /** Stream that repeats one letter. */
    private static final class Endless extends InputStream {
        private long left;

        Endless(long size) {
            left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 'x' : -1;
        }

        @Override
        public int read(byte[] bytes, int from, int count) {
            if (left <= 0) {
                return -1;
            }
            Arrays.fill(bytes, from, from + count, (byte) 'x');
            left -= count;
            return count;
        }
    }
}
