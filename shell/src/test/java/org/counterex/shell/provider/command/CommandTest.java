package org.counterex.shell.provider.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.counterex.api.NoBackendException;
import org.junit.Test;

/** Tests of the message shown for each kind of failure of a command. */
public class CommandTest {

    private static void assertMessage(String expected, Command<?> command) {
        CommandException e = assertThrows(CommandException.class, () -> Command.run("x", new String[0], command));
        assertEquals(expected, e.toString());
    }

    @Test
    public void interrupt_anyKind_isNamed() {
        assertMessage("interrupted", arguments -> {
            throw new InterruptedException();
        });
        assertMessage("interrupted", arguments -> {
            throw new InterruptedIOException("read");
        });
    }

    @Test
    public void file_unusable_isNamedWithTheReason() {
        assertMessage("no such file: FILE=a\\u000ab", arguments -> {
            throw new NoSuchFileException("a\nb");
        });
        assertMessage("access is denied: FILE=/a", arguments -> {
            throw new AccessDeniedException("/a");
        });
        assertMessage("file cannot be used: FILE=/a reason=disk is full", arguments -> {
            throw new FileSystemException("/a", null, "disk is full");
        });
        assertMessage("file is not UTF-8", arguments -> {
            throw new MalformedInputException(1);
        });
        assertMessage("input or output failed: reason=broken pipe", arguments -> {
            throw new IOException("broken pipe");
        });
    }

    @Test
    public void rejection_isItsMessage() {
        assertMessage("no backend is active: namespace=ns", arguments -> {
            throw new NoBackendException("no backend is active", "ns");
        });
        assertMessage("no such glob: glob=\\u001b", arguments -> {
            throw new IllegalArgumentException("no such glob: glob=\033");
        });
    }
}
