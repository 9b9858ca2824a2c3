package org.counterex.console.provider;

import static org.junit.Assert.assertEquals;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.Test;

public class CommandErrorsTest {

    private final CommandErrors errors = new CommandErrors();

    @Test
    public void take_repeated_returnsNewOutput() {
        PrintStream out = new PrintStream(errors, true, StandardCharsets.UTF_8);
        out.print("\u00fcn\u00ef");
        out.write('!');
        out.flush();
        assertEquals("\u00fcn\u00ef!", errors.take());
        assertEquals("", errors.take());
        out.print("more");
        assertEquals("more", errors.take());
    }

    /** A command may print without end; only its first line is needed. */
    @Test
    public void write_beyondTheLimit_isCut() {
        byte[] chunk = new byte[10_000];
        for (int i = 0; i < 10; i++) {
            errors.write(chunk, 0, chunk.length);
        }
        assertEquals(64 << 10, errors.size());
        errors.write('x');
        assertEquals(64 << 10, errors.size());
    }
}
