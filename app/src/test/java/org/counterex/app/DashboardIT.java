package org.counterex.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of a running distribution, in a real browser. Every test uses namespaces of its own. */
public class DashboardIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int MILLION = 1_000_000;

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static Browser browser;
    private static Distribution distribution;
    private static Run run;
    private static int port;
    /** Link of the page, with the token. */
    private static String link;

    @BeforeClass
    public static void start() throws Exception {
        browser = Browser.start(Path.of(System.getProperty("counterex.screenshots")));
        distribution = Distribution.in(FOLDER.getRoot().toPath().resolve("copy"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        startServer();
    }

    private static void startServer() throws Exception {
        String options = System.getProperty("counterex.opts", "") + " -Dorg.osgi.service.http.port=" + port;
        run = Run.of(distribution.program(), Map.of("COUNTEREX_OPTS", options), List.of());
        link = run.send("counter:web").line();
        assertTrue(link, link.matches("http://127\\.0\\.0\\.1:" + port + "/#token=\\S{16,}"));
    }

    @AfterClass
    public static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (run != null) {
            run.close();
        }
    }

    @After
    public void reset() {
        browser.width(1280);
        browser.prefers("light");
        browser.forget();
        browser.warnings();
    }

    // reading

    @Test
    public void load_duringSwapInThePage_losesNothing() throws Exception {
        increment("seen", "quiet", 7);
        for (int i = 0; i < 600; i++) {
            increment("seen room", "client " + i, i);
        }
        try (Load load = new Load("seen", "a", "b", "c")) {
            browser.open(link);
            browser.awaitText("#connection", "live"::equals);
            String total = "tr[data-namespace='seen'] .total";
            long first = number(browser.awaitText(total, text -> number(text) > 7));
            long second = number(browser.awaitText(total, text -> number(text) > first));
            browser.awaitText(total, text -> number(text) > second);
            browser.awaitText("tr[data-namespace='seen'] .rate", text -> text.matches("[1-9].*/s"));

            browser.click("tr[data-namespace='seen'] a");
            browser.awaitText("h1", "seen"::equals);
            for (String key : List.of("a", "b", "c")) {
                browser.click("tr[data-key='" + key + "'] input");
            }
            long charted = number(browser.awaitText(".legend li .num", text -> number(text) > 0));
            browser.awaitText(".legend li .num", text -> number(text) > charted);

            swapInThePage("atomics/atomics");
            browser.awaitText(
                    "#result", text -> text.matches("seen moved from .*ets to .*atomics, 4 counters, sum .*"));
            browser.click("#dialog .cancel");
            browser.awaitText(".title-placement", text -> text.contains("atomics"));
            browser.awaitText("#moves tbody tr .outcome", "moved"::equals);
            assertEquals(1, browser.elements("#moves tbody tr").size());
            // Counting continues, and so do the updates of the page.
            long after = number(browser.awaitText("#figure-total", text -> number(text) > 0));
            browser.awaitText("#figure-total", text -> number(text) > after);
            await().atMost(DEADLINE).until(() -> drawnColours() >= 3);
            pictures();

            long counted = load.stop() + 7;
            browser.awaitText("#figure-total", text -> number(text) == counted);
            assertTrue(get("/api/namespaces/seen").contains("\"total\":\"" + counted + "\""));
            assertTrue(get("/api/namespaces/seen").contains("\"backend\":\"atomics/atomics\""));
        }
        assertEquals(List.of(), browser.warnings());
    }

    private static void pictures() throws IOException {
        browser.screenshot("namespace-light");
        browser.prefers("dark");
        browser.screenshot("namespace-dark");
        browser.width(390);
        browser.screenshot("namespace-phone");
        browser.open(base());
        browser.element("tr[data-namespace='seen']");
        browser.screenshot("overview-phone");
        browser.width(1280);
        browser.screenshot("overview-dark");
        browser.prefers("light");
        browser.screenshot("overview-light");
        browser.open(base() + "#/ns/seen");
        browser.awaitText("#connection", "live"::equals);
    }

    private static long drawnColours() {
        return (Long) browser.script("const c = document.querySelector('.plot canvas');"
                + "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; const seen = new Map();"
                + "for (let i = 0; i < d.length; i += 4) if (d[i + 3] === 255) {"
                + "  const p = d[i] << 16 | d[i + 1] << 8 | d[i + 2]; seen.set(p, (seen.get(p) ?? 0) + 1); }"
                + "return [...seen.values()].filter((n) => n > 15).length");
    }

    @Test
    public void millionCounters_arePagedOnTheServer() throws Exception {
        Path file = FOLDER.newFile("million.json").toPath();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("{\"namespace\": \"million\", \"counters\": {\"k0\": 0");
            for (int i = 1; i < MILLION; i++) {
                out.write(", \"k" + i + "\": " + i);
            }
            out.write("}}");
        }
        run.send("x = (counter:import million '" + file + "'); echo imported");
        assertEquals("imported", run.line());

        browser.open(base() + "#/ns/million");
        browser.awaitText("#counters .where", "1–50 of 1,000,000"::equals);
        browser.click("#sort-value");
        browser.awaitText("#counters tbody tr .value", "999,999"::equals);
        browser.click("#counters .pager button:last-child");
        browser.awaitText("#counters .where", "51–100 of 1,000,000"::equals);
        browser.awaitText("#counters tbody tr .value", "999,949"::equals);
        assertEquals(50, browser.elements("#counters tbody tr").size());

        browser.click("#search");
        browser.press("k99999?");
        browser.awaitText("#counters .where", "1–10 of 10"::equals);
        assertEquals("k999999", browser.element("#counters tbody tr th").getText());
        increment("million", "k999999", 5);
        browser.awaitText("#counters tbody tr .value", "1,000,004"::equals);
        run.send("counter:clear million; echo cleared");
        assertEquals("cleared", run.line());
    }

    @Test
    public void thousandsOfNamespaces_arePaged() throws Exception {
        run.send("x = (each [0 1 2 3 4 5 6 7 8 9] { d=$it; each [0 1 2 3 4 5 6 7 8 9] { c=$it;"
                + " each [0 1 2 3 4 5 6 7 8 9] { b=$it; each [0 1] { counter:inc zz$d$c$b$it k } } } });"
                + " echo made");
        assertEquals("made", run.line());
        browser.open(base());
        browser.awaitText("#namespaces .where", text -> text.matches("1–50 of 2,0\\d\\d"));
        assertEquals(50, browser.elements("#namespaces tbody tr").size());
        browser.click("#filter");
        browser.press("zz999");
        browser.awaitText("#namespaces .where", "1–2 of 2"::equals);
        browser.element("tr[data-namespace='zz9991']");
        run.send("x = (each [0 1 2 3 4 5 6 7 8 9] { d=$it; each [0 1 2 3 4 5 6 7 8 9] { c=$it;"
                + " each [0 1 2 3 4 5 6 7 8 9] { b=$it; each [0 1] { counter:clear zz$d$c$b$it } } } });"
                + " echo cleared");
        assertEquals("cleared", run.line());
    }

    @Test
    public void hostileNames_areShownAsText() throws Exception {
        Map<String, String> shown = Map.of(
                "<script>window.pwned=1</script>",
                "<script>window.pwned=1</script>",
                "<img src=x onerror=window.pwned=1>",
                "<img src=x onerror=window.pwned=1>",
                "\"'><b id=\"pwned\">b</b>",
                "\"'><b id=\"pwned\">b</b>",
                "a\u202egnp.exe",
                "a\\u202egnp.exe",
                "\u001b[31mred\u0001",
                "\\u001b[31mred\\u0001",
                "line\nfeed\ttab",
                "line\\nfeed\\ttab",
                "  ",
                "␣␣",
                "\u200b\u3164",
                "\\u200b\\u3164",
                "%2e%2e/%00?#&",
                "%2e%2e/%00?#&",
                "x".repeat(1024),
                "x".repeat(1024));
        browser.open(link);
        browser.awaitText("#connection", "live"::equals);
        for (String name : shown.keySet()) {
            for (String key : shown.keySet()) {
                increment(name, key, 1);
            }
            // The swap makes the name appear in routes, reasons, moves and notifications.
            assertEquals(200, send("POST", "/api/namespaces/" + encoded(name) + "/swap", "{\"backend\":\"counters\"}"));
        }
        for (Map.Entry<String, String> name : shown.entrySet()) {
            await().atMost(DEADLINE).until(() -> namesIn("#namespaces tbody th").contains(name.getValue()));
            await().atMost(DEADLINE).until(() -> namesIn("#moves tbody th").contains(name.getValue()));
            await().atMost(DEADLINE).until(() -> namesIn("#routes .globs").toString(), text -> text.contains("pwned"));
        }
        assertNothingInjected();
        for (Map.Entry<String, String> name : shown.entrySet()) {
            browser.script("location.hash = '#/ns/' + encodeURIComponent(arguments[0])", name.getKey());
            browser.awaitText("#counters .where", ("1–" + shown.size() + " of " + shown.size())::equals);
            assertEquals(List.of(name.getValue()), namesIn("h1"));
            assertEquals(
                    shown.values().stream().sorted().toList(),
                    namesIn("#counters tbody th").stream().sorted().toList());
            assertNothingInjected();
        }
        // The chart and the dialogs show the names, too.
        for (WebElement box : browser.elements("#counters tbody input")) {
            box.click();
        }
        await().atMost(DEADLINE).until(() -> namesIn(".legend li").size(), size -> size >= shown.size());
        for (WebElement change : browser.elements("#counters tbody button")) {
            change.click();
            browser.element("#dialog");
            assertNothingInjected();
            browser.click("#dialog .cancel");
        }
        browser.click("#move");
        browser.element("#dialog");
        assertNothingInjected();
        browser.width(390);
        assertFitsItsWidth();
        browser.open(base());
        browser.element("#namespaces tbody tr");
        assertFitsItsWidth();
        assertEquals(List.of(), browser.warnings());
        for (String name : shown.keySet()) {
            assertEquals(200, send("DELETE", "/api/namespaces/" + encoded(name) + "/counters", null));
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> namesIn(String selector) {
        return (List<String>) browser.script(
                "return [...document.querySelectorAll(arguments[0])].map((e) => e.querySelector('bdi')?.textContent)",
                selector);
    }

    private static void assertNothingInjected() {
        assertEquals(
                "false 3 1 0 0",
                browser.script("return ['pwned' in window && !(window.pwned instanceof Node),"
                        + " document.scripts.length, document.images.length,"
                        + " document.querySelectorAll('b, #pwned').length,"
                        + " /[\\u202e\\u200b\\u001b]/.test(document.body.innerText) ? 1 : 0].join(' ')"));
    }

    // changes

    @Test
    public void withoutToken_pageIsReadOnly_andExplainsAccess() throws Exception {
        increment("locked", "k", 3);
        browser.open(base());
        browser.forget();
        browser.open(base() + "#/ns/locked");
        browser.awaitText("#access", "Read-only"::equals);
        browser.awaitText("tr[data-key='k'] .value", "3"::equals);
        browser.click("#move");
        browser.awaitText("#dialog", text -> text.contains("counter:web"));
        // The dialog accepts a token or a link.
        browser.click("#token");
        browser.press("wrong", Keys.ENTER);
        browser.awaitText("#dialog .problem", "invalid token"::equals);
        browser.type("#token", link, Keys.ENTER);
        browser.awaitText("#access", "Read and write"::equals);

        browser.forget();
        browser.open(link);
        browser.awaitText("#access", "Read and write"::equals);
        assertFalse(browser.address(), browser.address().contains("token"));
    }

    @Test
    public void click_beforeTokenIsConfirmed_isAccepted() throws Exception {
        increment("early", "k", 3);
        String noAnswerBeforeTheClick = "const real = fetch; let clicked = false;"
                + " addEventListener('click', () => { clicked = true; }, true);"
                + " window.fetch = (path, options) => path === '/api/session' && !clicked"
                + " ? new Promise(() => {}) : real(path, options);";
        try (AutoCloseable script = browser.beforePages(noAnswerBeforeTheClick)) {
            browser.open(link);
            browser.script("location.hash = '#/ns/early'");
            browser.click("tr[data-key='k'] button");
            browser.type("#change-amount", "4", Keys.ENTER);
            browser.awaitText("tr[data-key='k'] .value", "7"::equals);
        }
    }

    @Test
    public void counter_isChangedInTheDialog() throws Exception {
        increment("changed", "k", 3);
        browser.open(link);
        browser.script("location.hash = '#/ns/changed'");
        browser.click("tr[data-key='k'] button");
        browser.type("#change-amount", "9223372036854775804", Keys.ENTER);
        browser.awaitText("tr[data-key='k'] .value", "9,223,372,036,854,775,807"::equals);
        browser.click("tr[data-key='k'] button");
        browser.press(Keys.ENTER);
        browser.awaitText("#dialog .problem", text -> text.contains("9223372036854775807"));
        browser.script("document.getElementById('do-set').click()");
        browser.type("#change-amount", "-12", Keys.ENTER);
        browser.awaitText("tr[data-key='k'] .value", "-12"::equals);
        browser.click("tr[data-key='k'] button");
        browser.script("document.getElementById('do-delete').click()");
        browser.click("#confirm");
        assertTrue(
                "not without a confirmation",
                get("/api/namespaces/changed/counters/k").contains("-12"));
        browser.click("#sure");
        browser.click("#confirm");
        browser.awaitText("#counters .empty", "No counters."::equals);
        assertEquals(404, send("GET", "/api/namespaces/changed/counters/k", null));
    }

    @Test
    public void move_beyondCapacity_showsOneLine() throws Exception {
        for (int i = 0; i <= 1000; i++) {
            increment("too large", "k" + i, 1);
        }
        browser.open(link);
        browser.script("location.hash = '#/ns/too%20large'");
        browser.awaitText("#figure-counters", "1,001"::equals);
        swapInThePage("atomics/atomics");
        browser.awaitText("#dialog .problem", text -> text.contains("1001") && !text.contains("\n"));
        assertTrue(get("/api/namespaces/too%20large").contains("\"backend\":\"ets/ets\""));
    }

    private static void swapInThePage(String backend) {
        browser.click("#move");
        browser.click("#dialog input[value='" + backend + "']");
        browser.awaitText("#dialog .preview", text -> text.contains("will move to"));
        browser.click("#confirm");
    }

    @Test
    public void namespace_isMovedByKeyboardAlone() throws Exception {
        increment("keys", "k", 3);
        browser.open(link);
        browser.element("tr[data-namespace='keys']");
        browser.press(Keys.TAB);
        assertEquals("skip", browser.focused().getAttribute("id"));
        tabTo("Move keys");
        browser.press(Keys.ENTER);
        browser.element("#dialog");
        assertEquals("radio", browser.focused().getAttribute("type"));
        browser.press(Keys.SPACE);
        while (!"atomics/atomics".equals(browser.focused().getAttribute("value"))) {
            browser.press(Keys.ARROW_DOWN);
        }
        while (!"confirm".equals(browser.focused().getAttribute("id"))) {
            browser.press(Keys.TAB);
        }
        String outline = (String) browser.script("return getComputedStyle(document.activeElement).outlineStyle");
        assertEquals("visible focus", "solid", outline);
        browser.press(Keys.ENTER);
        browser.awaitText("#result", text -> text.startsWith("keys moved"));
        browser.press(Keys.ESCAPE);
        assertEquals("Move keys", browser.focused().getAttribute("aria-label"));
        assertTrue(get("/api/namespaces/keys").contains("\"backend\":\"atomics/atomics\""));
        browser.focused().sendKeys(Keys.chord(Keys.SHIFT, Keys.TAB));
        browser.press(Keys.ENTER);
        browser.awaitText("h1", "keys"::equals);
    }

    private static void tabTo(String label) {
        await().atMost(DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    browser.press(Keys.TAB);
                    return label.equals(browser.focused().getAttribute("aria-label"));
                });
    }

    // restart

    @Test
    public void restart_isShown_andPageReconnects() throws Exception {
        increment("restarted", "k", 3);
        browser.open(link);
        browser.script("location.hash = '#/ns/restarted'");
        browser.awaitText("tr[data-key='k'] .value", "3"::equals);
        run.terminate().outcome();
        browser.awaitText("#connection", text -> text.startsWith("disconnected"));
        startServer();
        browser.awaitText("#connection", "live"::equals);
        increment("restarted", "k", 4);
        browser.awaitText("tr[data-key='k'] .value", "7"::equals);
        browser.awaitText("#figure-total", "7"::equals);
        browser.awaitText("#access", "Read and write"::equals);
        swapInThePage("counters/counters");
        browser.awaitText("#result", text -> text.startsWith("restarted moved"));
    }

    // appearance

    @Test
    public void colours_followTheSystem_untilChosen() {
        browser.open(base());
        browser.prefers("dark");
        String dark = background();
        browser.prefers("light");
        String light = background();
        assertFalse(light, light.equals(dark));
        browser.click("#theme");
        assertEquals(dark, background());
        browser.open(base());
        browser.element("#theme");
        assertEquals(dark, background());
    }

    private static String background() {
        return (String) browser.script("return getComputedStyle(document.body).backgroundColor");
    }

    private static void assertFitsItsWidth() {
        assertEquals(
                390L,
                browser.script("return Math.max(document.documentElement.scrollWidth, document.body.scrollWidth,"
                        + " document.querySelector('dialog')?.getBoundingClientRect().right ?? 0)"));
    }

    // the server

    private static String base() {
        return "http://127.0.0.1:" + port + "/";
    }

    private static long number(String shown) {
        String digits = shown.replace(",", "");
        return digits.matches("-?[0-9]+") ? Long.parseLong(digits) : -1;
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20");
    }

    private static void increment(String namespace, String key, long step) throws Exception {
        String path = "/api/namespaces/" + encoded(namespace) + "/counters/" + encoded(key) + "/inc";
        assertEquals(200, send("POST", path, "{\"step\":\"" + step + "\"}"));
    }

    private static int send(String method, String path, String body) throws IOException, InterruptedException {
        return request(method, path, body).statusCode();
    }

    private static String get(String path) throws IOException, InterruptedException {
        return request("GET", path, null).body();
    }

    private static HttpResponse<String> request(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + link.substring(link.indexOf('=') + 1))
                .timeout(DEADLINE);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    /** Client that increments counters over HTTP, one after the other, until it is stopped. */
    private static final class Load implements AutoCloseable {

        private final AtomicLong acknowledged = new AtomicLong();
        private final CompletableFuture<Void> end;
        private volatile boolean stopped;

        Load(String namespace, String... keys) {
            end = CompletableFuture.runAsync(
                    () -> {
                        try {
                            for (int i = 0; !stopped; i++) {
                                int step = i % 5 + 1;
                                increment(namespace, keys[(i / 5) % keys.length], step);
                                acknowledged.addAndGet(step);
                            }
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    task -> new Thread(task, "load").start());
        }

        /** Stops and returns the sum of the acknowledged increments. */
        long stop() {
            stopped = true;
            end.join();
            return acknowledged.get();
        }

        @Override
        public void close() {
            stopped = true;
        }
    }
}
