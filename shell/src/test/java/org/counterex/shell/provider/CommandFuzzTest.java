package org.counterex.shell.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.counterex.api.CounterNames;
import org.counterex.shell.provider.command.CommandException;
import org.counterex.tck.Arbitrary;
import org.counterex.tck.Rejection;
import org.counterex.tck.Seed;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Random command lines: a command that fails reports it on one line and changes nothing. */
public class CommandFuzzTest {

    /** All commands that take arguments and end by themselves. */
    private static final List<String> COMMANDS = List.of(
            "inc",
            "get",
            "set",
            "reset",
            "delete",
            "cas",
            "all",
            "drain",
            "clear",
            "top",
            "namespaces",
            "info",
            "backends",
            "routes",
            "route",
            "unroute",
            "swap",
            "flush",
            "moves",
            "explain",
            "tally",
            "export",
            "import");

    @Rule
    public final Seed seed = new Seed();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestShell shell = new TestShell();

    @Before
    public void count() {
        shell.directory(folder.getRoot().toPath());
        shell.counters.namespace("http").set("k", 5);
        shell.counters.namespace("http").set("top", Long.MAX_VALUE);
    }

    @After
    public void close() {
        shell.close();
    }

    private String state() {
        Map<String, Map<String, Long>> all = shell.counters.namespaces().stream()
                .collect(Collectors.toMap(
                        name -> name, name -> shell.counters.namespace(name).getAll()));
        return CounterNames.escape(all + " " + shell.registry.routes + " " + shell.registry.moves.size());
    }

    /** Arguments of any characters, each quoted. */
    @Test
    public void command_failingOnAnyWords_changesNothing() throws Exception {
        Arbitrary arbitrary = new Arbitrary(seed.random(0));
        int failures = 0;
        for (int i = seed.rounds(2_000); i > 0; i--) {
            List<String> words = new ArrayList<>();
            for (int count = arbitrary.below(6); count > 0; count--) {
                words.add(word(arbitrary));
            }
            String names =
                    words.stream().map(word -> " $w" + words.indexOf(word)).collect(Collectors.joining());
            words.forEach(word -> shell.session.put("w" + words.indexOf(word), word));
            String line = "counter:" + arbitrary.of(COMMANDS.toArray(String[]::new)) + names;
            String before = state();
            try {
                shell.show(line);
            } catch (CommandException e) {
                failures++;
                Rejection.assertOneLine(cut(e.toString()));
                assertEquals(line + " " + printable(words), before, state());
            }
            shell.counters.namespace("http").set("top", Long.MAX_VALUE);
        }
        assertFalse("some commands fail", failures == 0);
        assertFalse(shell.printed().contains("\tat "));
    }

    /** Unquoted lines of any characters. */
    @Test(timeout = 300_000)
    public void line_anyCharacters_printsNoStackTrace() {
        Arbitrary arbitrary = new Arbitrary(seed.random(1));
        for (int i = seed.rounds(3_000); i > 0; i--) {
            String line = "counter:" + arbitrary.of(COMMANDS.toArray(String[]::new)) + " "
                    + arbitrary.of("", "http ", "http k ")
                    + arbitrary.text(12).replace('&', '+'); // No background jobs.
            String before = state();
            try {
                shell.show(line);
            } catch (CommandException e) {
                Rejection.assertOneLine(cut(e.toString()));
                if (isOneCommand(line)) {
                    assertEquals(CounterNames.escape(line), before, state());
                }
            } catch (Exception e) {
                // Thrown by Gogo itself, before the command starts. The console shortens it to one line.
                if (isOneCommand(line)) {
                    assertEquals(CounterNames.escape(line + " " + e), before, state());
                }
            }
        }
        assertFalse(shell.printed(), shell.printed().contains("\tat "));
    }

    /** Random changes of an exported file: it is imported as a whole or not at all. */
    @Test
    public void import_anyFile_isAtomic() throws Exception {
        Arbitrary arbitrary = new Arbitrary(seed.random(2));
        shell.run("counter:export http good");
        String good = Files.readString(folder.getRoot().toPath().resolve("good"));
        Path file = folder.getRoot().toPath().resolve("file");
        int failures = 0;
        for (int i = seed.rounds(1_000); i > 0; i--) {
            StringBuilder text = new StringBuilder(good);
            for (int changes = 1 + arbitrary.below(3); changes > 0; changes--) {
                int at = arbitrary.below(text.length());
                int end = at + arbitrary.below(text.length() - at + 1);
                switch (arbitrary.below(4)) {
                    case 0 -> text.delete(at, Math.min(end, at + 2));
                    case 1 ->
                        text.insert(at, arbitrary.of("\"", "{", "}", ",", ":", "\\", "-", "0", "9", ".", "\\ud800"));
                    case 2 -> text.insert(at, text.substring(at, end));
                    default -> text.insert(at, arbitrary.name());
                }
            }
            Files.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
            String before = state();
            try {
                shell.run("counter:import http file");
                shell.counters.namespace("http").deleteAll();
            } catch (CommandException e) {
                failures++;
                Rejection.assertOneLine(cut(e.toString()));
                assertEquals(before, state());
            }
        }
        assertFalse("some files are rejected", failures == 0);
    }

    private String word(Arbitrary arbitrary) {
        return switch (arbitrary.below(8)) {
            case 0, 1 -> "http";
            case 2 -> arbitrary.of("k", "top", "absent", "nonesuch", "(a=b)", "h*", "good", "nosuchfile", ".", "/");
            case 3 -> Long.toString(arbitrary.number());
            case 4 -> arbitrary.of("1", "+1", "1.5", "1e3", "9".repeat(25), "-0", "0x1", "", " ", "\u0661", "-");
            case 5 -> arbitrary.of("--initial", "--words", "--field", "--match", "--", "--no", "(", "[a", "(a|b)*");
            case 6 -> arbitrary.name();
            default -> arbitrary.text(6);
        };
    }

    private static boolean isOneCommand(String line) {
        return line.chars().noneMatch(c -> ";|(){}\n\r".indexOf(c) >= 0);
    }

    private static String printable(List<String> words) {
        return words.stream().map(CounterNames::printable).toList().toString();
    }

    /** Cuts a message: the shell shows names in full, as its user typed them. */
    private static String cut(String message) {
        int end = Math.min(1_000, message.length());
        return message.substring(
                0,
                end > 0 && Character.isHighSurrogate(message.charAt(end - 1)) && end < message.length()
                        ? end - 1
                        : end);
    }
}
