package org.counterex.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Tests of the bundles in {@code examples/}, deployed in the distribution. */
public class ExamplesIT {

    private static final Pattern RESULTS =
            Pattern.compile("(\\d+) of 2000 (\\d+) of 2000 (\\d+) of 2000 (\\d+) of 2000");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Distribution distribution;

    @Before
    public void copy() throws IOException {
        distribution = Distribution.in(folder.getRoot().toPath().resolve("counterex"));
    }

    private void drop(String example) throws IOException {
        Files.copy(Path.of(System.getProperty("counterex.examples." + example)), distribution.load(example + ".jar"));
    }

    /** Several jobs request permits for one client while its counter is moved from backend to backend. */
    @Test
    public void rateLimiter_duringMoves_keepsItsLimit() throws Exception {
        drop("ratelimiter");
        Files.writeString(distribution.conf("org.example.ratelimiter.cfg"), "limit = 3000\nwindowMs = 1000000000000\n");
        try (Run run = distribution.start()) {
            assertEquals("true", run.send("limit:allow bob").line());
            run.send("a = (limit:allow alice 2000) & b = (limit:allow alice 2000) & c = (limit:allow alice 2000) & "
                    + "each [atomics counters ets atomics ets] { x = (counter:swap ratelimiter $it) }; "
                    + "d = (limit:allow alice 2000)");
            Matcher results = await().until(
                            () -> RESULTS.matcher(
                                    run.send("echo \"$a $b $c $d\"").line()),
                            Matcher::matches);
            int allowed = 0;
            for (int job = 1; job <= results.groupCount(); job++) {
                allowed += Integer.parseInt(results.group(job));
            }
            assertEquals(3000, allowed);
            assertEquals("false", run.send("limit:allow alice").line());
            assertEquals("true", run.send("limit:allow bob").line());
            assertEquals(0, run.end().status());
        }
    }

    @Test
    public void requestCounter_dashboardRequests_areCounted() throws Exception {
        drop("requests");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Map<String, String> options = Map.of(
                "COUNTEREX_OPTS", System.getProperty("counterex.opts", "") + " -Dorg.osgi.service.http.port=" + port);
        try (Run run = Run.of(distribution.program(), options, List.of("run"))) {
            Http http = new Http(port, null);
            // The filter may start after the page; the first requests are not counted then.
            await().ignoreExceptions().until(() -> http.get("/api/namespaces").status() == 200 && requests(http) > 0);
            long before = requests(http);
            assertTrue(http.get("/").body().contains("<html"));
            assertEquals(404, http.get("/api/nothing").status());
            assertEquals(before + 2, requests(http));
            assertEquals(
                    401, http.anonymous().send("DELETE", "/api/routes", null).status());
            assertEquals(0, run.terminate().outcome().status());
        }
    }

    /** Returns the number of requests answered before this one. */
    private static long requests(Http http) throws IOException {
        String body = http.get("/api/namespaces/requests/counters/GET%20200").body();
        return Long.parseLong(
                body.replaceAll(".*\"value\":\"([0-9]+)\".*", "$1").strip());
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
