package org.counterex.shell.provider;

import static org.hamcrest.CoreMatchers.containsString;
import static org.hamcrest.CoreMatchers.not;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.felix.service.command.Process;
import org.awaitility.Awaitility;
import org.counterex.shell.provider.measure.Sample;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

public class WatchCommandTest {

    private static final String WIPE = "\u001b[J";

    /** Turns a hanging test into a failure. */
    @Rule
    public final Timeout timeout = Timeout.seconds(60);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ExecutorService typing = Executors.newCachedThreadPool();
    private final ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    private TestShell shell = new TestShell();

    @After
    public void close() {
        typing.shutdownNow();
        shell.close();
    }

    @Test
    public void watch_terminal_redrawsUntilAKeyPress() throws Exception {
        LineDisciplineTerminal terminal = terminal("xterm");
        Attributes before = terminal.getAttributes();
        shell.counters.namespace("http").inc("requests", 3);
        Future<?> watching = typing.submit(() -> shell.run("counter:watch http"));
        awaitDrawn(
                "http on ets/ets: 1 counter, sum 3, 0.0 per second\r\nKEY       VALUE  PER SECOND\r\nrequests      3         0.0");
        awaitDrawn("press any key to end");
        shell.counters.namespace("http").inc("requests", 2);
        awaitDrawn("\u001b[3A" + WIPE + "http on ets/ets: 1 counter, sum 5,");
        assertFalse(watching.isDone());
        terminal.processInputBytes("\u001b[A".getBytes(StandardCharsets.UTF_8));
        Awaitility.await().until(watching::isDone);
        assertEquals("the key is consumed completely", -2, terminal.reader().read(1));
        assertEquals(
                "the terminal is restored",
                before.getLocalFlags(),
                terminal.getAttributes().getLocalFlags());
        assertTrue(drawn.toString().endsWith("press any key to end\r\n"));
        assertEquals("no result is printed", "", shell.printed());
    }

    @Test
    public void watch_terminal_endsOnCtrlC() throws Exception {
        LineDisciplineTerminal terminal = terminal("xterm");
        Terminal.SignalHandler before = signal -> {};
        terminal.handle(Terminal.Signal.INT, before);
        Future<?> watching = typing.submit(() -> shell.run("counter:watch http"));
        Awaitility.await("keys are read")
                .until(() -> !terminal.getAttributes().getLocalFlag(Attributes.LocalFlag.ICANON));
        terminal.raise(Terminal.Signal.INT);
        Awaitility.await().until(watching::isDone);
        watching.get();
        assertEquals(before, terminal.handle(Terminal.Signal.INT, Terminal.SignalHandler.SIG_DFL));
    }

    @Test
    public void frame_manyCounters_fitsTheTerminal() throws Exception {
        LineDisciplineTerminal terminal = terminal("xterm");
        terminal.setSize(new Size(30, 10));
        for (int i = 0; i < 100; i++) {
            shell.counters.namespace("http").inc("key" + i + "-" + "x".repeat(40), i);
        }
        Future<?> watching = typing.submit(() -> shell.run("counter:watch http"));
        awaitDrawn("and 94 more; press any key to");
        terminal.processInputBytes(new byte[] {'q'});
        Awaitility.await().until(watching::isDone);
        String frame = drawn.toString().substring(drawn.toString().lastIndexOf(WIPE) + WIPE.length());
        assertEquals(9, frame.lines().count());
        assertTrue(frame, frame.lines().allMatch(line -> line.length() < 30));
        assertThat(frame, containsString("key99-"));
        assertThat(frame, not(containsString("key93-")));
    }

    @Test
    public void watch_dumbTerminal_printsLines() throws Exception {
        LineDisciplineTerminal terminal = terminal("dumb");
        Future<?> watching = typing.submit(() -> shell.run("counter:watch http"));
        Awaitility.await().until(() -> shell.printed().lines().count() > 2);
        terminal.processInputBytes(new byte[] {'q'});
        Awaitility.await().until(watching::isDone);
        assertThat(drawn.toString(), not(containsString("counters")));
    }

    @Test
    public void watch_intoAFile_printsLines() throws Exception {
        LineDisciplineTerminal terminal = terminal("xterm");
        shell.directory(folder.getRoot().toPath());
        Path file = folder.getRoot().toPath().resolve("f");
        Future<?> watching = typing.submit(() -> shell.run("counter:watch http > f"));
        Awaitility.await()
                .until(() -> Files.exists(file) && Files.readAllLines(file).size() > 2);
        terminal.processInputBytes(new byte[] {'q'});
        Awaitility.await().until(watching::isDone);
        assertTrue(Files.readAllLines(file).stream().allMatch("0 counters, sum 0, 0.0 per second"::equals));
        assertEquals("", drawn.toString());
    }

    @Test
    public void watch_withoutTerminal_endsWithTheInput() throws Exception {
        PipedOutputStream input = new PipedOutputStream();
        shell.close();
        shell = new TestShell(Integer.MAX_VALUE, new PipedInputStream(input));
        shell.counters.namespace("http").inc("a", 7);
        Future<?> watching = typing.submit(() -> shell.run("counter:watch http"));
        input.write("input does not end it\n".getBytes(StandardCharsets.UTF_8));
        input.flush();
        Awaitility.await().until(() -> shell.printed().lines().count() > 5);
        assertFalse(watching.isDone());
        input.close();
        Awaitility.await().until(watching::isDone);
        watching.get();
        assertThat(shell.printed(), containsString("1 counter, sum 7, 0.0 per second\n"));
    }

    @Test
    public void watch_closedPipe_ends() throws Exception {
        terminal("xterm");
        shell.processor.addCommand("test", new FirstLine(), "first");
        assertEquals("0 counters, sum 0, 0.0 per second", shell.run("counter:watch http | test:first"));
    }

    public static final class FirstLine {
        public String first() throws IOException {
            try (BufferedReader in = new BufferedReader(
                    new InputStreamReader(Process.Utils.current().in()))) {
                return in.readLine();
            }
        }
    }

    @Test
    public void watch_interrupted_ends() throws Exception {
        try (PipedOutputStream input = new PipedOutputStream()) {
            shell.close();
            shell = new TestShell(Integer.MAX_VALUE, new PipedInputStream(input));
            typing.submit(() -> shell.run("counter:watch http"));
            Awaitility.await().until(() -> shell.printed().lines().count() > 1);
            assertTrue(isRunning());
            shell.session.foregroundJob().interrupt();
            Awaitility.await().until(() -> !isRunning());
        }
    }

    @Test
    public void rate_twoSamples_isGrowthPerSecond() {
        Sample before = new Sample(Map.of("a", -Long.MAX_VALUE, "b", 5L), BigInteger.TEN, 0);
        Sample now = new Sample(Map.of("a", Long.MAX_VALUE, "c", 3L), BigInteger.TWO, 2_000_000_000L);
        assertEquals(new BigDecimal("9223372036854775807.0"), now.rate("a", before));
        assertEquals("removed counter", new BigDecimal("-2.5"), now.rate("b", before));
        assertEquals("new counter", new BigDecimal("1.5"), now.rate("c", before));
        assertEquals(new BigDecimal("-4.0"), now.rate(before));
    }

    /**
     * Checks for the thread, which Gogo names after the command: an interrupted job is done at once, whatever the
     * command does.
     */
    private static boolean isRunning() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("pipe-counter:watch http"));
    }

    private LineDisciplineTerminal terminal(String type) throws Exception {
        LineDisciplineTerminal terminal = new LineDisciplineTerminal("test", type, drawn, StandardCharsets.UTF_8);
        terminal.setSize(new Size(100, 24));
        shell.session.put(".terminal", terminal);
        return terminal;
    }

    private void awaitDrawn(String text) {
        Awaitility.await().untilAsserted(() -> assertThat(drawn.toString(), containsString(text)));
    }
}
