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

/** Runs the distribution as its users do: as a process, in a folder that was copied to where its name has a blank. */
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

    // how it is called

    @Test
    public void help_andVersion_startNothing() throws Exception {
        Outcome help = distribution.start("--help").end();
        assertEquals(0, help.status());
        assertTrue(help.out(), help.out().startsWith("usage: counterex "));
        Outcome version = distribution.start("--version").end();
        assertEquals(0, version.status());
        assertTrue(version.out(), version.out().matches("counterex \\d+\\.\\d+\\.\\d+\\S*\n"));
        assertFalse(Files.exists(distribution.home().resolve("data/lock")));
    }

    @Test
    public void nonsense_isOneLine() throws Exception {
        assertFailure(
                "",
                "no such script: file=nowhere.gogo",
                distribution.start("nowhere.gogo").end());
        assertFailure(
                "",
                "no such option, see counterex --help: option=-x",
                distribution.start("-x").end());
    }

    @Test
    public void environment_isHonoured() throws Exception {
        Run badHome = Run.of(distribution.program(), Map.of("JAVA_HOME", "/no where"), List.of("--version"));
        assertFailure("", "no Java is there: JAVA_HOME=/no where", badHome.end());
        Run options =
                Run.of(distribution.program(), Map.of("COUNTEREX_OPTS", "-Done=1 -showversion"), List.of("--version"));
        assertTrue(options.end().err().contains("Runtime Environment"));
    }

    @Test
    public void link_toTheProgram_startsItsCopy() throws Exception {
        Path link = Files.createSymbolicLink(place("link"), Path.of("a copy/bin/counterex"));
        Run run = Run.of(link, Map.of(), List.of("-c", "counter:inc a b"));
        assertSuccess("1\n", run.end());
        assertTrue(Files.exists(distribution.home().resolve("data/lock")));
    }

    // commands

    @Test
    public void commands_atFirstStart_findEverythingStarted() throws Exception {
        Files.writeString(distribution.conf("org.counterex.backend.atomics.instance-tiny.cfg"), "capacity = 1\n");
        assertFailure(
                "1\nswapped 3\n",
                "namespace is full: namespace=web key=b capacity=1",
                distribution.run(
                        "x = (counter:swap web tiny); counter:inc web a; counter:cas web a 1 3; counter:inc web b"));
    }

    @Test
    public void commands_ofAList_showTheirResultsAndNothingElse() throws Exception {
        assertSuccess(
                "1\n5\n5\nabsent\na;b\n",
                distribution.run("counter:inc http requests; counter:inc http requests 4; counter:get http requests;"
                        + " counter:get http ünknown; echo 'a;b'"));
    }

    @Test
    public void commands_thatFail_areTheLastWithOneLine() throws Exception {
        assertFailure(
                "1\n",
                "Command not found: counter:nosuch",
                distribution.run("counter:inc a b; counter:nosuch; counter:inc a b"));
        assertSuccess("1\n", distribution.run("counter:get a b"));
    }

    @Test
    public void commands_leaveStandardInputAlone() throws Exception {
        try (Run open = distribution.start("-c", "counter:inc a b")) {
            assertSuccess("1\n", open.outcome());
        }
        Run run = distribution.start("-c", "x = (counter:tally words - --words); counter:get words two");
        assertSuccess("2\n", run.send("one two").send("two").end());
    }

    @Test
    public void script_runsWithItsArguments() throws Exception {
        Path script = place("a script.gogo");
        Files.writeString(script, "# counts\ncounter:inc $1 k $2\n\nif { true } {\n  counter:inc $1 k\n}\nnosuch\n");
        assertFailure(
                "5\n6\n",
                script + ":7: Command not found: nosuch",
                distribution.start(script.toString(), "ns", "5").end());
    }

    @Test
    public void standardInput_isRunLineByLineAsItArrives() throws Exception {
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
    public void exit_givesTheStatus() throws Exception {
        assertEquals(new Outcome(7, "1\n", ""), distribution.run("counter:inc a b; exit 7; counter:inc a b"));
    }

    @Test
    public void terminal_givesTheShell() throws Exception {
        Path script = Path.of("/usr/bin/script");
        assumeTrue("needs what makes a terminal", Files.isExecutable(script));
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

    // one process, and how it ends

    @Test
    public void run_lastsUntilItIsToldToStop() throws Exception {
        try (Run service = distribution.start("run")) {
            awaitLog("console: running");
            assertFailure(
                    "",
                    "this copy is running already: folder=" + distribution.home(),
                    distribution.run("counter:inc a b"));
            Distribution other = Distribution.in(place("another"));
            assertSuccess("1\n", other.run("counter:inc a b"));
            assertEquals(new Outcome(0, "", ""), service.terminate().outcome());
            awaitLog("console: stopped");
        }
        assertSuccess("absent\n", distribution.run("counter:get a b"));
    }

    @Test
    public void signal_duringCommands_keepsTheCounts() throws Exception {
        try (Run run = distribution.start()) {
            assertEquals("1", run.send("counter:inc a b").line());
            assertEquals(new Outcome(143, "", ""), run.terminate().outcome());
        }
        assertSuccess("1\n", distribution.run("counter:get a b"));
    }

    @Test
    public void restart_keepsCountersAndRoutes() throws Exception {
        assertSuccess(
                "5\n6\n7\n",
                distribution.run(
                        "x = (counter:swap ' web' atomics); x = (counter:route 'in.*' '(counterex.backend=counters)');"
                                + " counter:inc ' web' a 5; counter:inc in.box b 6; counter:inc other c 7"));
        String look = "counter:get ' web' a; counter:get in.box b; counter:get other c;"
                + " counter:explain ' web' | grep lives; counter:explain in.box | grep lives";
        String kept = "5\n6\n7\nlives on    atomics/atomics\nlives on    counters/counters\n";
        assertSuccess(kept, distribution.run(look));
        assertSuccess(kept, distribution.copyTo(place("taken along")).run(look));
    }

    @Test
    public void restart_withTheFileAsDefault_keepsCountersRoutesAndSwaps() throws Exception {
        Files.writeString(distribution.conf(MVSTORE), "namespaces = *\n");
        assertSuccess(
                "5\n6\n7\n",
                distribution.run(
                        "x = (counter:swap web atomics); x = (counter:route 'in.*' '(counterex.backend=counters)');"
                                + " counter:inc web a 5; counter:inc in.box b 6; counter:inc other c 7"));
        String look = "counter:get web a; counter:get in.box b; counter:get other c; counter:explain web | grep lives;"
                + " counter:explain in.box | grep lives; counter:explain other | grep lives";
        String kept = "5\n6\n7\nlives on    atomics/atomics\nlives on    counters/counters\n"
                + "lives on    mvstore/mvstore\n";
        assertSuccess(kept, distribution.run(look));
        assertSuccess(kept, distribution.copyTo(place("taken along")).run(look));
        Files.delete(distribution.home().resolve("data/parked.counters"));
        assertSuccess(
                "absent\nabsent\n7\n",
                distribution.run("counter:get web a; counter:get in.box b; counter:get other c"));
    }

    @Test
    public void crash_keepsWhatWasFlushedAndWhereItLives() throws Exception {
        try (Run run = distribution.start()) {
            run.send("x = (counter:swap web mvstore); counter:inc web a 5; counter:inc memory b; counter:flush web");
            assertEquals("5", run.line());
            assertEquals("1", run.line());
            assertEquals(
                    "web: 1 counter flushed, kept by mvstore/mvstore in "
                            + distribution.home().resolve("data/counters.mv"),
                    run.line());
            assertEquals(137, run.kill().outcome().status());
        }
        // Also after a crash nobody takes it for empty where its file cannot be used.
        Path file = distribution.home().resolve("data/counters.mv");
        byte[] whole = Files.readAllBytes(file);
        Files.writeString(file, "damaged");
        assertFailure(
                "",
                "backend mvstore/mvstore keeps the values and has left: namespace=web outcome=not applied",
                distribution.run("counter:get web a"));
        Files.write(file, whole);
        assertSuccess(
                "5\nabsent\nlives on    mvstore/mvstore\n",
                distribution.run("counter:get web a; counter:get memory b; counter:explain web | grep lives"));
    }

    @Test
    public void crash_whereCallsWaitForTheDisk_losesNothing() throws Exception {
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
    public void file_damagedOrInUse_isOneLineAndStays_andTheOthersGoOn() throws Exception {
        assertSuccess("1\n", distribution.run("x = (counter:swap web mvstore); counter:inc web a"));
        Path file = distribution.home().resolve("data/counters.mv");
        byte[] whole = Files.readAllBytes(file);
        Files.writeString(file, "damaged");
        Outcome outcome = distribution.run("counter:inc other b; counter:backends");
        assertEquals(0, outcome.status());
        assertTrue(
                outcome.out(), outcome.out().startsWith("1\n") && !outcome.out().contains("mvstore"));
        awaitLog(" and is left as it is: file=" + file);
        assertFailure(
                "",
                "backend mvstore/mvstore keeps the values and has left: namespace=web outcome=not applied",
                distribution.run("counter:get web a"));
        assertEquals("damaged", Files.readString(file));

        Files.write(file, whole);
        Files.writeString(
                distribution.conf("org.counterex.backend.mvstore.instance-second.cfg"), "file = " + file + "\n");
        outcome = distribution.run("counter:get web a; counter:backends");
        assertEquals(0, outcome.status());
        assertTrue(
                outcome.out(), outcome.out().startsWith("1\n") && !outcome.out().contains("second"));
        awaitLog("ERROR org.counterex.backend.mvstore: file of counters is in use by another process or instance: file="
                + file);
    }

    @Test
    public void damagedCounters_areOneLineAndStay() throws Exception {
        Path parked = distribution.home().resolve("data/parked.counters");
        Files.writeString(parked, "damaged");
        Outcome outcome = distribution.run("counter:inc a b");
        assertEquals(1, outcome.status());
        assertTrue(outcome.err(), outcome.err().matches("counterex: the registry has not started: .*damaged.*\n"));
        assertTrue(outcome.err(), outcome.err().contains(parked.toString()));
        assertEquals("damaged", Files.readString(parked));
    }

    // folders

    @Test
    public void configuration_changedWhileStopped_isInEffect() throws Exception {
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
    public void configuration_changedWhileRunning_isInEffectSoon() throws Exception {
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
    public void logging_changedWhileRunning_isInEffectSoon() throws Exception {
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
    public void commandThatIsRefused_isOneLineInTheLog() throws Exception {
        assertFailure(
                "",
                "wrong arguments: missing=KEY usage=counter:inc NS KEY [STEP] [--initial N]",
                distribution.run("counter:inc x"));
        List<String> lines = distribution.log().lines().toList();
        assertEquals(
                1,
                lines.stream().filter(line -> line.contains("wrong arguments")).count());
        assertTrue(lines.stream().noneMatch(line -> line.contains("\tat ")));
    }

    @Test
    public void dropFolder_comingGoingAndSpoiltBundles_costNoCount() throws Exception {
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
            Files.writeString(jar, "no bundle");
            awaitCount(run, "0", atomics);
            awaitLog("file is no bundle any more");
            assertEquals("8", run.send("counter:inc web a").line());
            Files.copy(kept, jar, StandardCopyOption.REPLACE_EXISTING);
            awaitCount(run, "1", atomics);
            assertEquals("9", run.send("counter:inc web a").line());
            assertSuccess("", run.end());
        }
        assertSuccess("9\n", distribution.run("counter:get web a"));
    }

    /** Sends commands again and again until as many lines as wanted are what they show. */
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
