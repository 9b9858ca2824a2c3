package org.counterex.console.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.ExecutionException;
import org.counterex.api.CounterNames;
import org.junit.Test;

public class CommandFailureTest {

    @Test
    public void of_message_isItsFirstLine() {
        assertMessage("no room: capacity=1", new IllegalStateException("no room: capacity=1\n\tat some.Place"));
    }

    @Test
    public void of_wrapper_isItsCause() {
        Exception cause = new IllegalArgumentException("no number: text=x");
        assertMessage("no number: text=x", new RuntimeException(cause));
        assertMessage("no number: text=x", new ExecutionException(cause));
        assertMessage("no number: text=x", new ExecutionException("something", new RuntimeException(cause)));
    }

    @Test
    public void of_wrapperWithMessage_isThatMessage() {
        assertMessage(
                "file is damaged", new IllegalStateException("file is damaged", new RuntimeException("checksum")));
    }

    @Test
    public void of_classNamesInMessage_areRemoved() {
        assertMessage("cat: /x", new RuntimeException("cat: java.nio.file.NoSuchFileException: /x"));
        assertMessage("a: b", new RuntimeException("org.x.Outer$InnerException: a: java.lang.Error: b"));
    }

    @Test
    public void of_classNameAlone_becomesWords() {
        assertMessage("sort: closed channel", new RuntimeException("sort: java.nio.channels.ClosedChannelException"));
        assertMessage("error at x", new RuntimeException("java.lang.Error at x"));
        assertMessage("null pointer", new IllegalStateException("java.lang.NullPointerException"));
        assertMessage("a: inner, b", new RuntimeException("a: org.x.Outer$InnerException, b"));
    }

    @Test
    public void of_anyText_isPrintableAndBounded() {
        assertMessage("red \\u001b[31m \\u202e\\u2028\\ud800", new RuntimeException("red \033[31m \u202e\u2028\ud800"));
        assertMessage("x".repeat(497) + "...", new RuntimeException("x".repeat(501)));
        assertMessage("x".repeat(500), new RuntimeException("x".repeat(500)));
        assertMessage("x".repeat(496) + "...", new RuntimeException("x".repeat(496) + "\ud83d\ude00".repeat(3)));
    }

    /** The console has an escape of its own, as it does not import the API. */
    @Test
    public void plain_everyCodePoint_isEscapedAsByTheApi() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c != '\n' && c != '\r') {
                String text = "x" + Character.toString(c) + "y";
                assertEquals(CounterNames.escape(text), CommandFailure.plain(text));
            }
        }
    }

    @Test
    public void of_noMessage_namesTheCommand() {
        assertMessage("command failed, see log/counterex.log: a b", new NullPointerException());
        assertMessage(
                "command failed, see log/counterex.log: a b",
                new NullPointerException("because the return value of \"java.util.List.remove(int)\" is null"));
        assertMessage("command failed, see log/counterex.log: a b", new ExecutionException(new StackOverflowError()));
        assertMessage("interrupted: a b", new InterruptedException());
    }

    /** The log gets a stack trace exactly for the failures whose message is not sufficient. */
    @Test
    public void isSelfExplanatory_withMessage_isTrue() {
        assertTrue(CommandFailure.of("a", new IllegalArgumentException("no such option: x"))
                .isSelfExplanatory());
        assertTrue(CommandFailure.of("a", 1, "").at("script:1: ").isSelfExplanatory());
        assertFalse(CommandFailure.of("a", new NullPointerException())
                .at("script:1: ")
                .isSelfExplanatory());
        assertFalse(CommandFailure.unprintableResult("a", new IllegalStateException("x"))
                .isSelfExplanatory());
    }

    @Test
    public void of_status_isTheErrorOutput() {
        assertEquals(
                "no such file: x",
                CommandFailure.of("cat x", 1, "no such file: x\n").getMessage());
        assertEquals(
                "command ended with status 2: grep x",
                CommandFailure.of("grep x", 2, "").getMessage());
    }

    private static void assertMessage(String expected, Exception thrown) {
        assertEquals(expected, CommandFailure.of("a b\n c", thrown).toString());
    }
}
