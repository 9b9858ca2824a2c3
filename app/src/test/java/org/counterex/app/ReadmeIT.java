package org.counterex.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.counterex.app.Run.Outcome;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Executes the transcript in the README in a copy of the distribution and compares the output. */
public class ReadmeIT {

    private static final String COMMAND = "$ ";
    private static final String TYPED = "g! ";

    /** Command of the transcript with its input and output. */
    private record Step(String command, List<String> typed, List<String> printed) {}

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Distribution distribution;

    @Before
    public void checkOut() throws IOException {
        Path project = Path.of(System.getProperty("counterex.project"));
        Files.copy(project.resolve("LICENSE"), folder.getRoot().toPath().resolve("LICENSE"));
        Files.createDirectories(folder.getRoot().toPath().resolve("app/target"));
        distribution = Distribution.in(folder.getRoot().toPath().resolve("app/target/counterex"));
    }

    @Test
    public void transcript_executed_printsTheSame() throws Exception {
        List<Step> steps = steps();
        assertFalse(steps.isEmpty());
        for (Step step : steps) {
            Outcome outcome = shell(step.command(), step.typed());
            assertEquals(step.command(), 0, outcome.status());
            assertEquals(
                    step.command(),
                    timeless(String.join("\n", step.printed())),
                    timeless(outcome.out().strip().replaceAll("\n +", "\n")));
        }
        assertEquals(
                "every word is counted although the namespace was moved twice meanwhile",
                counts(shell("tr -s '[:space:]' '\\n' < LICENSE | sed '/^$/d' | sort | uniq -c", List.of())
                        .out()
                        .replaceAll("(?m)^ *(\\d+) (.*)$", "$2 $1")),
                counts(distribution.run("counter:all words").out()));
    }

    private static Map<String, Long> counts(String lines) {
        Map<String, Long> counts = new TreeMap<>();
        lines.lines().map(line -> line.split("\\s+")).forEach(pair -> counts.put(pair[0], Long.parseLong(pair[1])));
        return counts;
    }

    /** Replaces the duration of a move, which differs from run to run. */
    static String timeless(String printed) {
        return printed.replaceAll("\\d+(\\.\\d+)? ms", "N ms");
    }

    private Outcome shell(String command, List<String> typed) throws Exception {
        Run run = Run.of(Path.of("/bin/sh"), Map.of(), List.of("-c", "cd '" + folder.getRoot() + "' && " + command));
        for (String line : typed) {
            run.send(line);
        }
        return run.end();
    }

    private static List<Step> steps() throws IOException {
        List<Step> steps = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of(System.getProperty("counterex.project"), "README.md"))) {
            if (line.equals("```")) {
                if (inside) {
                    break;
                }
                inside = true;
            } else if (inside && line.startsWith(COMMAND)) {
                steps.add(new Step(line.substring(COMMAND.length()), new ArrayList<>(), new ArrayList<>()));
            } else if (inside && line.startsWith(TYPED)) {
                steps.get(steps.size() - 1).typed().add(line.substring(TYPED.length()));
            } else if (inside) {
                steps.get(steps.size() - 1).printed().add(line.strip());
            }
        }
        return steps;
    }
}
