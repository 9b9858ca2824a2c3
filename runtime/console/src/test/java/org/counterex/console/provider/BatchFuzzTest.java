package org.counterex.console.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.counterex.tck.Arbitrary;
import org.counterex.tck.Rejection;
import org.counterex.tck.Seed;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Random command lines in the Gogo version of the distribution: every failure is reported on one line. */
public class BatchFuzzTest {

    @Rule
    public final Seed seed = new Seed();

    private final ThreadIOImpl threadIo = new ThreadIOImpl();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(threadIo);
    private final ByteArrayOutputStream results = new ByteArrayOutputStream();

    /** Test commands, which Gogo calls by name. */
    public static final class Commands {
        public long add(long a, long b) {
            return Math.addExact(a, b);
        }

        public Object fail(String word) throws Exception {
            throw switch (word.length() % 5) {
                case 0 -> new IllegalStateException(word);
                case 1 -> new IllegalStateException(word + "\n\tat some.Place\r\n" + word, new Exception(word));
                case 2 -> new RuntimeException(new NullPointerException());
                case 3 -> new ExecutionException(new StackOverflowError());
                default -> new IllegalArgumentException("\n" + word);
            };
        }
    }

    @Before
    public void addCommands() {
        threadIo.start();
        for (String name : List.of("add", "fail")) {
            processor.addCommand("test", new Commands(), name);
        }
        for (String name : List.of("each", "if", "not", "try")) {
            processor.addCommand("gogo", new Procedural(), name);
        }
        for (String name : List.of("echo", "grep", "cat", "head", "sort")) {
            processor.addCommand("gogo", new Posix(processor), name);
        }
    }

    @After
    public void stop() {
        processor.stop();
        threadIo.stop();
    }

    @Test(timeout = 300_000)
    public void line_failing_isReportedOnOneLine() throws Exception {
        Arbitrary arbitrary = new Arbitrary(seed.random(0));
        int failures = 0;
        for (int i = seed.rounds(1_500); i > 0; i--) {
            String line = line(arbitrary);
            try {
                run(line);
            } catch (CommandFailure e) {
                failures++;
                Rejection.assertOneLine(e.getMessage());
                assertEquals(line, e.getMessage(), e.toString());
            }
            String shown = results.toString(StandardCharsets.UTF_8);
            // Gogo itself prints an exception of a part of a pipe; these two redirections send it into the pipe.
            boolean errorsPiped = line.contains("2>&1") || line.contains("|&");
            assertTrue(line + " printed " + shown, errorsPiped || !shown.contains("\tat "));
            results.reset();
        }
        assertFalse("some lines fail", failures == 0);
    }

    private static String line(Arbitrary arbitrary) {
        StringBuilder line = new StringBuilder();
        for (int words = 1 + arbitrary.below(8); words > 0; words--) {
            String space = arbitrary.of(" ", " ", " ", "");
            String word = arbitrary.of(
                    "add",
                    "fail",
                    "echo",
                    "cat",
                    "grep",
                    "head",
                    "sort",
                    "each",
                    "if",
                    "not",
                    "try",
                    "nosuch",
                    "|",
                    "&&",
                    "||",
                    ";",
                    "=",
                    "$x",
                    "$1",
                    "${x}",
                    "$(",
                    "(",
                    ")",
                    "{",
                    "}",
                    "[",
                    "]",
                    "'",
                    "\"",
                    "\\",
                    "%",
                    "1",
                    "x",
                    "2>&1",
                    "null",
                    "-x",
                    "--",
                    "!",
                    "@",
                    "length",
                    "#",
                    "\n",
                    "*",
                    "~",
                    arbitrary.text(4),
                    "'" + arbitrary.text(60).replace("'", "") + "'");
            line.append(space).append(word);
        }
        return line.toString();
    }

    private void run(String commands) throws Exception {
        InputStream none = InputStream.nullInputStream();
        Batch batch = new Batch(processor, none, new PrintStream(results, true, StandardCharsets.UTF_8));
        InputStream in = new ByteArrayInputStream(commands.getBytes(StandardCharsets.UTF_8));
        batch.run(new CommandLines(in, "in"), List.of("one", "two"));
    }
}
