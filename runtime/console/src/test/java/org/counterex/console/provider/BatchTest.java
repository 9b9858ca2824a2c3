package org.counterex.console.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.Process;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Runs commands in the Gogo version of the distribution. */
public class BatchTest {

    private final ThreadIOImpl threadIo = new ThreadIOImpl();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(threadIo);
    private final ByteArrayOutputStream results = new ByteArrayOutputStream();
    private final CountDownLatch released = new CountDownLatch(1);

    /** Test commands, which Gogo calls by name. */
    public final class Commands {
        public long add(long a, long b) {
            return a + b;
        }

        public void silent() {}

        public List<String> list(int size) {
            return Collections.nCopies(size, "item");
        }

        public Map<String, Object> table() {
            return Map.of("key", "value");
        }

        public void refuse(String word) {
            throw new IllegalArgumentException("refused: word=" + word);
        }

        public void status(int status) {
            Process.Utils.current().error(status);
        }

        public void complain(String word) {
            Process.Utils.current().err().println("complaint: " + word);
            Process.Utils.current().error(1);
        }

        public String line() throws IOException {
            return String.valueOf((char) Process.Utils.current().in().read());
        }

        public String held() throws InterruptedException {
            released.await();
            return "held";
        }

        public void release() {
            released.countDown();
        }
    }

    @Before
    public void addCommands() {
        threadIo.start();
        for (String name :
                List.of("add", "silent", "list", "table", "refuse", "status", "complain", "line", "held", "release")) {
            processor.addCommand("test", new Commands(), name);
        }
        for (String name : List.of("each", "if", "try")) {
            processor.addCommand("gogo", new Procedural(), name);
        }
        for (String name : List.of("echo", "grep", "cat")) {
            processor.addCommand("gogo", new Posix(processor), name);
        }
        processor.addCommand("console", new ExitCommand(), "exit");
    }

    @After
    public void stop() {
        processor.stop();
        threadIo.stop();
    }

    @Test
    public void results_list_areOneLineEach() throws Exception {
        assertResults("3\n7\n", "add 1 2; add 3 4");
        assertResults("3\n7\n", "add 1 2\nadd 3 4\n");
        assertResults("3\n7\n", "add 1 2 && add 3 4");
        assertResults("3\n", "add 1 2 || add 3 4");
        assertResults("3\nprinted\n7\n", "add 1 2; echo printed; silent; ; add 3 4;");
    }

    @Test
    public void results_nested_areThoseOfTheOuterCommand() throws Exception {
        assertResults("6\n", "add (add 1 2) 3");
        assertResults("a;b\n", "echo 'a;b' | cat");
        assertResults("a; add 1 2\n", "echo \"a; add 1 2\"");
        assertResults("<1>\n<2>\n", "each [1 2] { silent; echo \"<$it>\" }");
        assertResults("3\n", "if { true } { add 1 1; add 1 2 }");
    }

    @Test
    public void results_empty_areNotPrinted() throws Exception {
        assertResults("", "silent");
        assertResults("", "list 0");
        assertResults("item\nitem\n", "list 2");
        assertResults("key                 value\n", "table");
    }

    @Test
    public void result_unprintable_isAFailure() {
        assertFailure("3\n", "in:1: result cannot be printed: { ;}", "add 1 2; { ;}; add 3 4");
    }

    @Test
    public void assignment_anyValue_printsNothing() throws Exception {
        assertResults("4\n", "x = 3; y = (add 1 2); f = { add $1 1 }; f $x");
    }

    @Test
    public void arguments_ofTheProgram_areNumbered() throws Exception {
        assertEquals(0, run("add $1 $2", "1", "2"));
        assertEquals("3\n", results.toString(StandardCharsets.UTF_8));
    }

    @Test
    public void failure_anyCommand_endsTheBatch() {
        assertFailure("3\n", "in:1: refused: word=x", "add 1 2; refuse x; add 3 4");
        assertFailure("3\n", "in:2: refused: word=x", "add 1 2\nrefuse x\nadd 3 4");
        assertFailure("", "in:1: Command not found: nosuch", "nosuch; add 3 4");
        assertFailure("", "in:1: Cannot coerce add(Token) to any of [(long, long)]", "add x");
        assertFailure("", "in:1: refused: word=x", "silent && refuse x || add 3 4");
    }

    @Test
    public void failure_nested_failsTheCommand() {
        assertFailure("", "in:1: refused: word=x", "add (refuse x) 1; add 3 4");
        assertFailure("", "in:1: refused: word=x", "if { true } { refuse x }; add 3 4");
        assertFailure("", "in:1: refused: word=x", "refuse x | cat; add 3 4");
    }

    @Test
    public void status_nonZero_failsUnlessHandled() throws Exception {
        assertFailure("3\n", "in:1: command ended with status 2: status 2", "add 1 2; status 2; add 3 4");
        assertFailure("", "in:1: complaint: x", "complain x; add 3 4");
        assertFailure("", "in:1: command ended with status 1: echo a | grep b", "echo a | grep b; add 3 4");
        assertResults("7\n", "status 2 || add 3 4");
        assertResults("", "status 2 && add 3 4");
        assertResults("3\n", "status 2 && add 3 4 || add 1 2");
        assertResults("7\n", "try { refuse x } { silent }; add 3 4");
    }

    @Test
    public void exit_withStatus_endsTheBatch() throws Exception {
        assertEquals(0, run("exit; add 1 2"));
        assertEquals(3, run("if { true } { exit 3 }; add 1 2"));
        assertEquals("", results.toString(StandardCharsets.UTF_8));
    }

    @Test
    public void input_sharedWithCommands_isReadInTurn() throws Exception {
        InputStream in = in("line\nxadd 1 2\n");
        Batch batch = new Batch(processor, in, new PrintStream(results, true, StandardCharsets.UTF_8));
        assertEquals(0, batch.run(new CommandLines(in, "in"), List.of()));
        assertEquals("x\n3\n", results.toString(StandardCharsets.UTF_8));
    }

    @Test
    public void background_running_isAwaited() throws Exception {
        assertResults("3\nlate\n", "f = { held; echo late }; f & add 1 2; release");
    }

    @Test(timeout = 60_000)
    public void background_reading_getsTheRestOfTheInput() throws Exception {
        InputStream in = in("cat & add 1 2\n");
        Batch batch = new Batch(processor, in("rest\n"), new PrintStream(results, true, StandardCharsets.UTF_8));
        assertEquals(0, batch.run(new CommandLines(in, "in"), List.of()));
        assertEquals("3\nrest\n", results.toString(StandardCharsets.UTF_8));
    }

    @Test
    public void results_unwritable_endTheBatch() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("full");
            }
        };
        Batch batch = new Batch(processor, in(""), new PrintStream(full, true, StandardCharsets.UTF_8));
        IOException problem = assertThrows(
                IOException.class, () -> batch.run(new CommandLines(in("add 1 2\nrefuse x\n"), "in"), List.of()));
        assertEquals("standard output cannot be written", problem.getMessage());
    }

    private void assertResults(String expected, String commands) throws Exception {
        results.reset();
        assertEquals(0, run(commands));
        assertEquals(commands, expected, results.toString(StandardCharsets.UTF_8));
    }

    private void assertFailure(String expected, String message, String commands) {
        results.reset();
        CommandFailure failure = assertThrows(commands, CommandFailure.class, () -> run(commands));
        assertEquals(message, failure.getMessage());
        assertEquals(commands, expected, results.toString(StandardCharsets.UTF_8));
    }

    private int run(String commands, String... arguments) throws Exception {
        Batch batch = new Batch(processor, in(""), new PrintStream(results, true, StandardCharsets.UTF_8));
        return batch.run(new CommandLines(in(commands), "in"), List.of(arguments));
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
