package org.counterex.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import redis.embedded.RedisServer;

/** Two distributions with the bundle, each in a process of its own, and a real server. */
public class RedisIT {

    private static final Path BUNDLE = Path.of(System.getProperty("counterex.redis"));
    private static final String CONFIGURATION = "org.counterex.backend.redis.cfg";
    private static final Pattern COMMAND = Pattern.compile(" {4}(one|two) g! (.*)");
    private static final String INSTANCE_CONFIGURATION = "org.counterex.backend.redis.instance-further.cfg";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final long seed = System.nanoTime();
    private int port;
    private RedisServer server;
    private Distribution one;
    private Distribution two;

    @Before
    public void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        server = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .setting("requirepass secret")
                .build();
        server.start();
        one = distribution("one", CONFIGURATION);
        two = distribution("two", INSTANCE_CONFIGURATION);
    }

    private Distribution distribution(String name, String configuration) throws IOException {
        Distribution copy = Distribution.in(folder.getRoot().toPath().resolve(name));
        Files.copy(BUNDLE, copy.load("redis.jar"));
        Files.writeString(
                copy.conf(configuration), "uri = redis://:secret@127.0.0.1:" + port + "\nresponseTimeoutMs = 1000\n");
        return copy;
    }

    @After
    public void stop() throws IOException {
        server.stop();
    }

    /** Separate counts are added up; from then on both runtimes share the counters. */
    @Test
    public void runtimes_afterASwap_shareCounters() throws Exception {
        try (Run first = one.start();
                Run second = two.start()) {
            assertEquals("10", first.send("counter:inc web hits 10").line());
            assertEquals("5", second.send("counter:inc web hits 5").line());
            first.send("x = (counter:swap web redis); counter:get web hits");
            assertEquals("10", first.line());
            second.send("x = (counter:swap web redis); counter:get web hits");
            assertEquals("15", second.line());
            assertEquals("16", first.send("counter:inc web hits").line());
            assertEquals("17", second.send("counter:inc web hits").line());
            assertEquals(0, first.end().status());
            assertEquals("18", second.send("counter:inc web hits").line());
            assertEquals(0, second.end().status());
        }
        try (Run again = one.start()) {
            assertEquals("19", again.send("counter:inc web hits").line());
            assertEquals(0, again.end().status());
        }
    }

    @Test
    public void runtimes_swappingInAndOut_keepTheSum() throws Exception {
        int additions = 200;
        try (Run first = one.start();
                Run second = two.start()) {
            Random random = new Random(seed);
            for (int i = 0; i < additions; i++) {
                for (Run run : new Run[] {first, second}) {
                    if (random.nextInt(10) == 0) {
                        run.send("counter:swap web " + (random.nextBoolean() ? "redis" : "ets"));
                    }
                    run.send("counter:inc web k" + i % 3);
                }
            }
            long sum = 0;
            for (Run run : new Run[] {first, second}) {
                run.send("counter:swap web redis; echo done");
                for (String line = run.line(); !line.equals("done"); ) {
                    line = run.line();
                }
            }
            for (int k = 0; k < 3; k++) {
                sum += Long.parseLong(first.send("counter:get web k" + k).line());
            }
            assertEquals("seed " + seed, 2L * additions, sum);
            assertEquals(0, first.end().status());
            assertEquals(0, second.end().status());
        }
    }

    /** The transcript in the guide is the output of two runtimes. */
    @Test
    public void transcriptOfTheGuide_isReal() throws Exception {
        Path guide = Path.of(System.getProperty("counterex.project"), "docs/from-one-process-to-many.md");
        Map<String, Run> runs = new HashMap<>();
        try (Run first = one.start();
                Run second = distribution("third", CONFIGURATION).start()) {
            runs.put("one", first);
            runs.put("two", second);
            Run current = null;
            int commands = 0;
            for (String line : Files.readAllLines(guide)) {
                Matcher command = COMMAND.matcher(line);
                if (command.matches()) {
                    current = runs.get(command.group(1)).send(command.group(2));
                    commands++;
                } else if (current != null && line.startsWith("    ")) {
                    assertEquals(ReadmeIT.timeless(line.strip()), ReadmeIT.timeless(current.line()));
                } else {
                    current = null;
                }
            }
            assertEquals(10, commands);
            assertEquals(0, first.end().status());
            assertEquals(0, second.end().status());
        }
    }

    @Test
    public void bundle_withoutConfiguration_logsNothing() throws Exception {
        Files.delete(one.conf(CONFIGURATION));
        Run.Outcome outcome = one.run("counter:backends");
        assertEquals(0, outcome.status());
        assertFalse(outcome.out(), outcome.out().contains("redis"));
        assertFalse(one.log(), one.log().contains("server"));
    }

    /** With a route to an unavailable server, counters stay where they are and move as soon as it responds. */
    @Test
    public void unavailableServer_isLogged_andUsedLater() throws Exception {
        server.stop();
        try (Run run = one.start()) {
            assertEquals("5", run.send("counter:inc web hits 5").line());
            run.send("x = (counter:route web '(counterex.backend=redis)'); counter:inc web hits");
            assertEquals("6", run.line());
            await().until(() -> one.log().contains("server does not respond"));
            await().until(() -> one.log().contains("web refused:"));
            server.start();
            await().until(() ->
                    one.log().lines().anyMatch(line -> line.contains("web moved:") && line.contains("to=redis/redis")));
            assertEquals("7", run.send("counter:inc web hits").line());
            run.send("counter:info; counter:backends; echo done");
            for (String line = run.line(); !line.equals("done"); line = run.line()) {
                assertFalse(line, line.contains("secret"));
            }
            assertEquals(0, run.end().status());
        }
        assertFalse(one.log().contains("secret"));
        assertEquals(
                "8\n",
                two.run("x = (counter:swap web redis); counter:inc web hits").out());
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
