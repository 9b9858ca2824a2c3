package org.counterex.console.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.junit.Test;

public class CommandLinesTest {

    @Test
    public void next_oneLine_leavesTheRest() throws Exception {
        InputStream in = in("one\r\ntwo\n");
        CommandLines lines = new CommandLines(in, "in");
        assertEquals("one", lines.next().orElseThrow().toString());
        assertEquals("two\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    public void next_incompleteLine_readsOn() throws Exception {
        CommandLines lines = new CommandLines(in("a {\n b (c\n)}\nd 'e\nf'\ng |\nh\ni \\\n j\nlast ü"), "in");
        assertEquals("a {\n b (c\n)}", lines.next().orElseThrow().toString());
        assertEquals("d 'e\nf'", lines.next().orElseThrow().toString());
        assertEquals("g |\nh", lines.next().orElseThrow().toString());
        assertEquals("i \\\n j", lines.next().orElseThrow().toString());
        assertEquals("last ü", lines.next().orElseThrow().toString());
        assertTrue(lines.next().isEmpty());
    }

    @Test
    public void next_blankOrComment_isAnEmptyProgram() throws Exception {
        CommandLines lines = new CommandLines(in("\n  \n# nothing; here"), "in");
        for (int i = 0; i < 3; i++) {
            Program program = lines.next().orElseThrow();
            assertTrue(
                    program.toString(),
                    program.tokens().stream().allMatch(token -> token.toString().isBlank()));
        }
        assertTrue(lines.next().isEmpty());
    }

    @Test
    public void location_laterProgram_countsFromTheStart() throws Exception {
        CommandLines lines = new CommandLines(in("one\ntwo {\n}; three\n"), "in");
        lines.next();
        Program program = lines.next().orElseThrow();
        assertEquals("in:2: ", lines.location(program.tokens().get(0).start()));
        assertEquals("in:3: ", lines.location(program.tokens().get(2).start()));
        assertEquals("", new CommandLines(in(""), "").location(0));
    }

    @Test
    public void next_invalidProgram_failsWithLocation() {
        assertFailure("in:2: unexpected token ')'", "one\n)\n");
        assertFailure("in:2: input ends within a command", "one\ntwo {\nthree");
    }

    @Test
    public void next_invalidUtf8_failsWithLocation() {
        byte[] surrogate = "one\n\u00ed\u00a0\u0080\nthree\n".getBytes(StandardCharsets.ISO_8859_1);
        assertFailure("in:2: line is not UTF-8", new ByteArrayInputStream(surrogate));
        byte[] withinABlock = "one\ntwo {\n\u00ff\n}\n".getBytes(StandardCharsets.ISO_8859_1);
        assertFailure("in:3: line is not UTF-8", new ByteArrayInputStream(withinABlock));
    }

    private static void assertFailure(String message, String text) {
        assertFailure(message, in(text));
    }

    private static void assertFailure(String message, InputStream in) {
        CommandLines lines = new CommandLines(in, "in");
        CommandFailure failure = assertThrows(CommandFailure.class, () -> readAll(lines));
        assertEquals(message, failure.getMessage());
    }

    private static void readAll(CommandLines lines) throws IOException, CommandFailure {
        while (lines.next().isPresent()) {
            // Read to the end.
        }
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
