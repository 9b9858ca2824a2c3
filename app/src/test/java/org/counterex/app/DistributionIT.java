package org.counterex.app;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.counterex.app.Run.Outcome;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Runs the distribution as its users do: as a process, in a copy of the folder whose path contains a space. */
public class DistributionIT {

    private static final String MVSTORE = "org.counterex.backend.mvstore.cfg";
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Distribution distribution;

    @Before
    public void copy() throws IOException {
        distribution = Distribution.in(place("a copy"));
    }

    // command line

    @Test
    public void helpAndVersion_requested_startNothing() throws Exception {
        Outcome help = distribution.start("--help").end();
        assertEquals(0, help.status());
        assertTrue(help.out(), help.out().startsWith("usage: counterex "));
        Outcome version = distribution.start("--version").end();
        assertEquals(0, version.status());
        assertTrue(version.out(), version.out().matches("counterex \\d+\\.\\d+\\.\\d+\\S*\n"));
        assertFalse(Files.exists(distribution.home().resolve("data/lock")));
    }

    @Test
    public void arguments_invalid_areOneLine() throws Exception {
        assertFailure(
                "",
                "no such script: file=nowhere.gogo",
                distribution.start("nowhere.gogo").end());
        assertFailure(
                "",
                "unknown option, see counterex --help: option=-x",
                distribution.start("-x").end());
    }

    @Test
    public void environment_javaAndOptions_areUsed() throws Exception {
        Run badHome = Run.of(distribution.program(), Map.of("JAVA_HOME", "/no where"), List.of("--version"));
        assertFailure("", "no Java installation: JAVA_HOME=/no where", badHome.end());
        Run options =
                Run.of(distribution.program(), Map.of("COUNTEREX_OPTS", "-Done=1 -showversion"), List.of("--version"));
        assertTrue(options.end().err().contains("Runtime Environment"));
    }

    @Test
    public void program_throughALink_startsItsCopy() throws Exception {
        Path link = Files.createSymbolicLink(place("link"), Path.of("a copy/bin/counterex"));
        Run run = Run.of(link, Map.of(), List.of("-c", "counter:inc a b"));
        assertSuccess("1\n", run.end());
        assertTrue(Files.exists(distribution.home().resolve("data/lock")));
    }

    // commands

    @Test
    public void commands_firstStart_findEverythingStarted() throws Exception {
        Files.writeString(distribution.conf("org.counterex.backend.atomics.instance-tiny.cfg"), "capacity = 1\n");
        assertFailure(
                "1\nswapped 3\n",
                "namespace is full: namespace=web key=b capacity=1",
                distribution.run(
                        "x = (counter:swap web tiny); counter:inc web a; counter:cas web a 1 3; counter:inc web b"));
    }

    @Test
    public void commands_list_printResultsOnly() throws Exception {
        assertSuccess(
                "1\n5\n5\nabsent\na;b\n",
                distribution.run("counter:inc http requests; counter:inc http requests 4; counter:get http requests;"
                        + " counter:get http ünknown; echo 'a;b'"));
    }

    @Test
    public void commands_failing_endWithOneLine() throws Exception {
        assertFailure(
                "1\n",
                "Command not found: counter:nosuch",
                distribution.run("counter:inc a b; counter:nosuch; counter:inc a b"));
        assertSuccess("1\n", distribution.run("counter:get a b"));
    }

    @Test
    public void commands_withoutReading_leaveStandardInput() throws Exception {
        try (Run open = distribution.start("-c", "counter:inc a b")) {
            assertSuccess("1\n", open.outcome());
        }
        Run run = distribution.start("-c", "x = (counter:tally words - --words); counter:get words two");
        assertSuccess("2\n", run.send("one two").send("two").end());
    }

    @Test
    public void script_withArguments_runs() throws Exception {
        Path script = place("a script.gogo");
        Files.writeString(script, "# counts\ncounter:inc $1 k $2\n\nif { true } {\n  counter:inc $1 k\n}\nnosuch\n");
        assertFailure(
                "5\n6\n",
                script + ":7: Command not found: nosuch",
                distribution.start(script.toString(), "ns", "5").end());
    }

    @Test
    public void standardInput_eachLine_runsOnArrival() throws Exception {
        try (Run run = distribution.start()) {
            assertEquals("1", run.send("counter:inc a b").line());
            run.send("counter:inc a b; counter:inc a b");
            assertEquals("2", run.line());
            assertEquals("3", run.line());
            run.send("x = (each [1 2] {").send("  counter:inc a b").send("}); counter:get a b");
            assertEquals("5", run.line());
            assertSuccess("", run.end());
        }
    }

    @Test
    public void standardInput_afterAFailure_isNotRead() throws Exception {
        try (Run run = distribution.start()) {
            run.send("counter:inc a b").send("counter:inc a b x").send("counter:inc a b");
            Outcome outcome = run.outcome();
            assertEquals(1, outcome.status());
            assertEquals("1\n", outcome.out());
            assertTrue(outcome.err(), outcome.err().matches("counterex: standard input:2: .*\\bx\\b.*\n"));
        }
    }

    @Test
    public void exit_withStatus_endsTheProcess() throws Exception {
        assertEquals(new Outcome(7, "1\n", ""), distribution.run("counter:inc a b; exit 7; counter:inc a b"));
    }

    @Test
    public void terminal_noArguments_startsTheShell() throws Exception {
        Path script = Path.of("/usr/bin/script");
        assumeTrue("requires the command script", Files.isExecutable(script));
        try (Run run = Run.of(
                script, Map.of("TERM", "xterm"), List.of("-qec", "'" + distribution.program() + "'", "/dev/null"))) {
            run.send("counter:inc a b; counter:inc a b 4")
                    .send("counter:nosuch")
                    .send("exit 3");
            Outcome outcome = run.outcome();
            String screen = outcome.out().replaceAll("\u001b\\[[?0-9;]*[a-zA-Z]|\u001b[=>]|\r", "");
            assertEquals(screen, 3, outcome.status());
            assertTrue(screen, screen.contains("\ng! "));
            assertTrue(screen, screen.contains("\n1\n5\n"));
            assertTrue(screen, screen.contains("\nCommand not found: counter:nosuch\n"));
        }
    }

    // life of a process

    @Test
    public void run_untilTerminated_lasts() throws Exception {
        try (Run service = distribution.start("run")) {
            awaitLog("console: running");
            assertFailure(
                    "",
                    "this copy is already running: folder=" + distribution.home(),
                    distribution.run("counter:inc a b"));
            Distribution other = Distribution.in(place("another"));
            assertSuccess("1\n", other.run("counter:inc a b"));
            assertEquals(new Outcome(0, "", ""), service.terminate().outcome());
            awaitLog("console: stopped");
        }
        assertSuccess("absent\n", distribution.run("counter:get a b"));
    }

    @Test
    public void signal_duringCommands_keepsCounters() throws Exception {
        try (Run run = distribution.start()) {
            assertEquals("1", run.send("counter:inc a b").line());
            assertEquals(new Outcome(143, "", ""), run.terminate().outcome());
        }
        assertSuccess("1\n", distribution.run("counter:get a b"));
    }

    @Test
    public void restart_default_keepsCountersAndRoutes() throws Exception {
        assertSuccess(
                "5\n6\n7\n",
                distribution.run(
                        "x = (counter:swap ' web' atomics); x = (counter:route 'in.*' '(counterex.backend=counters)');"
                                + " counter:inc ' web' a 5; counter:inc in.box b 6; counter:inc other c 7"));
        String check = "counter:get ' web' a; counter:get in.box b; counter:get other c;"
                + " counter:explain ' web' | grep ^backend; counter:explain in.box | grep ^backend";
        String kept = "5\n6\n7\nbackend    atomics/atomics\nbackend    counters/counters\n";
        assertSuccess(kept, distribution.run(check));
        assertSuccess(kept, distribution.copyTo(place("second copy")).run(check));
    }

    @Test
    public void restart_mvstoreDefault_keepsCountersAndRoutes() throws Exception {
        Files.writeString(distribution.conf(MVSTORE), "namespaces = *\n");
        assertSuccess(
                "5\n6\n7\n",
                distribution.run(
                        "x = (counter:swap web atomics); x = (counter:route 'in.*' '(counterex.backend=counters)');"
                                + " counter:inc web a 5; counter:inc in.box b 6; counter:inc other c 7"));
        String check =
                "counter:get web a; counter:get in.box b; counter:get other c; counter:explain web | grep ^backend;"
                        + " counter:explain in.box | grep ^backend; counter:explain other | grep ^backend";
        String kept =
                "5\n6\n7\nbackend    atomics/atomics\nbackend    counters/counters\n" + "backend    mvstore/mvstore\n";
        assertSuccess(kept, distribution.run(check));
        assertSuccess(kept, distribution.copyTo(place("second copy")).run(check));
        Files.delete(distribution.home().resolve("data/parked.counters"));
        assertSuccess(
                "absent\nabsent\n7\n",
                distribution.run("counter:get web a; counter:get in.box b; counter:get other c"));
    }

    @Test
    public void crash_afterFlush_keepsValuesAndPlacement() throws Exception {
        try (Run run = distribution.start()) {
            run.send("x = (counter:swap web mvstore); counter:inc web a 5; counter:inc memory b; counter:flush web");
            assertEquals("5", run.line());
            assertEquals("1", run.line());
            assertEquals(
                    "web: 1 counter flushed to mvstore/mvstore in "
                            + distribution.home().resolve("data/counters.mv"),
                    run.line());
            assertEquals(137, run.kill().outcome().status());
        }
        // The namespace does not appear empty while its file is unusable, not even after a crash.
        Path file = distribution.home().resolve("data/counters.mv");
        byte[] whole = Files.readAllBytes(file);
        Files.writeString(file, "damaged");
        assertFailure(
                "",
                "backend mvstore/mvstore retains the values and has left: namespace=web outcome=not applied",
                distribution.run("counter:get web a"));
        Files.write(file, whole);
        assertSuccess(
                "5\nabsent\nbackend    mvstore/mvstore\n",
                distribution.run("counter:get web a; counter:get memory b; counter:explain web | grep ^backend"));
    }

    @Test
    public void crash_durabilityCommit_losesNothing() throws Exception {
        Files.writeString(distribution.conf(MVSTORE), "namespaces = *\ndurability = commit\n");
        for (int life = 0; life < 3; life++) {
            try (Run run = distribution.start()) {
                for (int i = 1; i <= 20; i++) {
                    assertEquals(
                            "" + (20 * life + i), run.send("counter:inc web a").line());
                }
                run.kill().outcome();
            }
        }
        assertSuccess("60\n", distribution.run("counter:get web a"));
    }

    @Test
    public void file_damagedOrInUse_staysUnchanged() throws Exception {
        assertSuccess("1\n", distribution.run("x = (counter:swap web mvstore); counter:inc web a"));
        Path file = distribution.home().resolve("data/counters.mv");
        byte[] whole = Files.readAllBytes(file);
        Files.writeString(file, "damaged");
        Outcome outcome = distribution.run("counter:inc other b; counter:backends");
        assertEquals(0, outcome.status());
        assertTrue(
                outcome.out(), outcome.out().startsWith("1\n") && !outcome.out().contains("mvstore"));
        awaitLog(", left unchanged: file=" + file);
        assertFailure(
                "",
                "backend mvstore/mvstore retains the values and has left: namespace=web outcome=not applied",
                distribution.run("counter:get web a"));
        assertEquals("damaged", Files.readString(file));

        Files.write(file, whole);
        Files.writeString(
                distribution.conf("org.counterex.backend.mvstore.instance-second.cfg"), "file = " + file + "\n");
        outcome = distribution.run("counter:get web a; counter:backends");
        assertEquals(0, outcome.status());
        assertTrue(
                outcome.out(), outcome.out().startsWith("1\n") && !outcome.out().contains("second"));
        awaitLog("ERROR org.counterex.backend.mvstore: counter file is in use by another process or instance: file="
                + file);
    }

    @Test
    public void snapshot_damaged_staysUnchanged() throws Exception {
        Path parked = distribution.home().resolve("data/parked.counters");
        Files.writeString(parked, "damaged");
        Outcome outcome = distribution.run("counter:inc a b");
        assertEquals(1, outcome.status());
        assertTrue(outcome.err(), outcome.err().matches("counterex: the registry has not started: .*corrupt.*\n"));
        assertTrue(outcome.err(), outcome.err().contains(parked.toString()));
        assertEquals("damaged", Files.readString(parked));
    }

    // folders

    @Test
    public void configuration_changedWhileStopped_applies() throws Exception {
        Path file = distribution.conf("org.counterex.backend.atomics.cfg");
        Files.writeString(file, "namespaces = web\ncapacity = 1\n");
        String full = "namespace is full: namespace=web key=b capacity=1";
        assertFailure("1\n", full, distribution.run("counter:inc web a; counter:inc web b"));
        Files.writeString(file, "namespaces = web\ncapacity = 2\n");
        assertSuccess("1\n", distribution.run("counter:inc web b"));
        Files.delete(file);
        assertSuccess("1\n", distribution.run("counter:inc web c"));
    }

    @Test
    public void configuration_changedWhileRunning_applies() throws Exception {
        try (Run run = distribution.start()) {
            Path file = distribution.conf("org.counterex.backend.ets.instance-second.cfg");
            awaitCount(run, "0", "counter:backends | grep second");
            Files.writeString(file, "ranking = 5\n");
            awaitCount(run, "1", "counter:backends | grep second");
            Files.delete(file);
            awaitCount(run, "0", "counter:backends | grep second");
            assertSuccess("", run.end());
        }
    }

    @Test
    public void logging_changedWhileRunning_applies() throws Exception {
        Path file = distribution.conf("org.ops4j.pax.logging.cfg");
        String rootLevel = "rootLogger.level = ";
        String asShipped = Files.readString(file);
        try (Run service = distribution.start("run")) {
            awaitLog("INFO console: running");
            Files.writeString(file, asShipped.replace(rootLevel + "INFO", rootLevel + "DEBUG"));
            awaitLog("Updating configuration {org.ops4j.pax.logging}");
            Files.writeString(distribution.conf("org.counterex.backend.ets.instance-second.cfg"), "ranking = 5\n");
            awaitLog(" DEBUG org.apache.felix.");
            Files.writeString(file, asShipped.replace(rootLevel + "INFO", rootLevel + "LOUD"));
            awaitLog("Unknown level constant [LOUD]");
            assertEquals(new Outcome(0, "", ""), service.terminate().outcome());
        }
    }

    @Test
    public void command_rejected_isOneLogLine() throws Exception {
        assertFailure(
                "",
                "missing argument: argument=KEY usage=counter:inc NS KEY [STEP] [--initial N]",
                distribution.run("counter:inc x"));
        List<String> lines = distribution.log().lines().toList();
        assertEquals(
                1,
                lines.stream().filter(line -> line.contains("missing argument")).count());
        assertTrue(lines.stream().noneMatch(line -> line.contains("\tat ")));
    }

    @Test
    public void dropFolder_changingBundles_losesNoCount() throws Exception {
        Path jar = distribution.load("org.counterex.backend.atomics.jar");
        Path kept = Files.copy(jar, place("kept"));
        String atomics = "counter:backends | grep ^atomics";
        try (Run run = distribution.start()) {
            run.send("x = (counter:swap web atomics); counter:inc web a 5");
            assertEquals("5", run.line());
            Files.delete(jar);
            awaitCount(run, "0", atomics);
            assertEquals("6", run.send("counter:inc web a").line());
            Files.copy(kept, jar);
            awaitCount(run, "1", atomics);
            assertEquals("7", run.send("counter:inc web a").line());
            Files.writeString(jar, "not a bundle");
            awaitCount(run, "0", atomics);
            awaitLog("file is no longer a bundle");
            assertEquals("8", run.send("counter:inc web a").line());
            Files.copy(kept, jar, StandardCopyOption.REPLACE_EXISTING);
            awaitCount(run, "1", atomics);
            assertEquals("9", run.send("counter:inc web a").line());
            assertSuccess("", run.end());
        }
        assertSuccess("9\n", distribution.run("counter:get web a"));
    }

    /** Repeats commands until they print the given number of lines. */
    private static void awaitCount(Run run, String count, String commands) {
        await().atMost(DEADLINE)
                .until(() -> run.send(commands + " | wc -l").line().strip(), count::equals);
    }

    private void awaitLog(String text) {
        await().atMost(DEADLINE).ignoreExceptions().until(distribution::log, log -> log.contains(text));
    }

    private Path place(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private static void assertSuccess(String out, Outcome outcome) {
        assertEquals(new Outcome(0, out, ""), outcome);
    }

    private static void assertFailure(String out, String message, Outcome outcome) {
        assertEquals(new Outcome(1, out, "counterex: " + message + "\n"), outcome);
    }
}
