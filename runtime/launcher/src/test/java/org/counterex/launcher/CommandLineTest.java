package org.counterex.launcher;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.util.List;
import org.counterex.launcher.CommandLine.Mode;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CommandLineTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void of_noArguments_dependsOnTheTerminal() {
        assertEquals(console("shell"), CommandLine.of(List.of(), true));
        assertEquals(console("input"), CommandLine.of(List.of(), false));
    }

    @Test
    public void of_commands_passesTheRest() {
        assertEquals(console("commands", "echo $1", "-x"), of("-c", "echo $1", "-x"));
    }

    @Test
    public void of_script_passesTheRest() throws IOException {
        String script = folder.newFile("a b.gogo").toString();
        assertEquals(console("script", script, "--help"), of(script, "--help"));
    }

    @Test
    public void of_singleWords_areAccepted() {
        assertEquals(new CommandLine(Mode.RUN, List.of("none")), of("run"));
        assertEquals(new CommandLine(Mode.HELP, List.of()), of("--help"));
        assertEquals(new CommandLine(Mode.VERSION, List.of()), of("--version"));
    }

    @Test
    public void of_invalidArguments_isRejected() {
        assertRejected("option requires a value: option=-c", "-c");
        assertRejected("unknown option, see counterex --help: option=-x", "-x");
        assertRejected("unexpected argument: argument=now", "run", "now");
        assertRejected("no such script: file=nowhere.gogo", "nowhere.gogo");
        assertRejected(
                "no such script: file=" + folder.getRoot(), folder.getRoot().toString());
    }

    private static void assertRejected(String message, String... words) {
        assertEquals(
                message, assertThrows(LaunchException.class, () -> of(words)).getMessage());
    }

    private static CommandLine of(String... words) {
        return CommandLine.of(List.of(words), true);
    }

    private static CommandLine console(String... arguments) {
        return new CommandLine(Mode.CONSOLE, List.of(arguments));
    }
}
