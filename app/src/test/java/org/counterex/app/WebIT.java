package org.counterex.app;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.counterex.app.Http.Answer;
import org.counterex.app.Run.Outcome;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** HTTP interface of the distribution, tested over plain sockets. Tests share one process where possible. */
public class WebIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int TIMEOUT_MS = 2_000;
    private static final String WEB = "org.counterex.web.cfg";

    /** Valid names that are likely to break escaping. */
    private static final List<String> HOSTILE = List.of(
            "<script>alert(1)</script>",
            "\"quoted\" and 'so' \\ too",
            "line\nbreak\r\n\ttab",
            "\u001b[31mred\u001b[0m\u0007\u009b",
            "\u202Eright to left\u200F\u2066",
            "\u2028\u2029\u0085\uFEFF",
            "a/b//c",
            "..",
            ".",
            "%2F%00%zz%",
            "?search=&x#y;z=+ ",
            "*?\\",
            "\uD83D\uDE00 emoji \uD83D\uDC68\u200D\uD83D\uDC69",
            "ünïcödé 数",
            "null",
            "__proto__",
            "x".repeat(1_024));

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static Distribution distribution;
    private static Run run;
    private static Http http;

    @BeforeClass
    public static void start() throws Exception {
        distribution = copy("served");
        int port = freePort();
        run = start(distribution, "127.0.0.1", port);
        awaitServed(distribution);
        http = new Http(port, token(distribution));
    }

    @AfterClass
    public static void stop() throws Exception {
        assertEquals(0, run.terminate().outcome().status());
        assertFalse(distribution.log(), distribution.log().contains("request failed"));
    }

    // metrics

    @Test
    public void metrics_ofHostileNames_areServedInBothFormats() throws Exception {
        for (String name : HOSTILE) {
            String path = "/api/namespaces/scraped/counters/"
                    + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
            assertEquals(
                    200,
                    http.send("PUT", path, "{\"value\":\"-9223372036854775807\"}")
                            .status());
        }
        String scraped = "/metrics?include=scraped";
        Answer open = http.send("GET", scraped, null, "Accept: application/openmetrics-text;version=1.0.0,*/*;q=0.1");
        assertTrue("complete", open.whole());
        assertEquals(
                "application/openmetrics-text;version=1.0.0;charset=utf-8",
                open.headers().get("content-type").toLowerCase(Locale.ROOT).replace(" ", ""));
        assertTrue(open.body(), open.body().endsWith("\n# EOF\n"));
        Answer plain = http.get(scraped);
        assertTrue(
                plain.headers().toString(), plain.headers().get("content-type").startsWith("text/plain"));
        for (String body : List.of(open.body(), plain.body())) {
            for (String name : HOSTILE) {
                String escaped =
                        name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
                String line = "\ncounterex_value{namespace=\"scraped\",key=\"" + escaped + "\"} -9223372036854775807\n";
                assertTrue(line + " in " + body, body.contains(line));
            }
            assertEquals(HOSTILE.size(), body.split("\ncounterex_value\\{", -1).length - 1);
            assertTrue(body, body.contains("\ncounterex_scrape_truncated 0\n"));
        }
        assertTrue(http.get(scraped + "&limit=1").body().contains("\ncounterex_scrape_truncated 1\n"));
        assertEquals(400, http.get("/metrics?include=/").status());
        assertEquals(405, http.send("POST", "/metrics", "").status());
        assertEquals(200, http.anonymous().get("/metrics").status());
        assertEquals(401, http.anonymous().send("POST", "/metrics", "").status());
    }

    // the API

    @Test
    public void api_isAsDescribed() throws Exception {
        OpenApi description = new OpenApi(http.get("/api/openapi.json").body());
        Described api = new Described(description);
        api.get(200, "/api/session");
        api.get(200, "/api/openapi.json");

        // one counter
        String ns = "/api/namespaces/{ns}";
        String counter = ns + "/counters/{key}";
        api.get(404, counter, "described", "k");
        assertEquals("5", value(api.send("PUT", 200, counter, "{\"value\":\"5\"}", "described", "k")));
        assertEquals("6", value(api.send("POST", 200, counter + "/inc", null, "described", "k")));
        assertEquals("16", value(api.send("POST", 200, counter + "/inc", "{\"step\":10}", "described", "k")));
        assertEquals(
                "107",
                value(api.send(
                        "POST", 200, counter + "/inc", "{\"step\":\"7\",\"initial\":\"100\"}", "described", "new")));
        assertEquals("16", value(api.get(200, counter, "described", "k")));
        JsonObject swapped =
                api.send("POST", 200, counter + "/cas", "{\"expected\":\"16\",\"value\":\"1\"}", "described", "k");
        assertEquals("{\"swapped\":true,\"value\":\"1\"}", swapped.toString());
        JsonObject unchanged =
                api.send("POST", 200, counter + "/cas", "{\"expected\":\"16\",\"value\":\"1\"}", "described", "k");
        assertEquals("{\"swapped\":false,\"value\":\"1\"}", unchanged.toString());
        assertEquals("0", value(api.send("POST", 200, counter + "/reset", null, "described", "k")));
        assertEquals("3", value(api.send("POST", 200, counter + "/reset", "{\"value\":\"3\"}", "described", "k")));
        String max = "9223372036854775807";
        assertEquals(max, value(api.send("PUT", 200, counter, "{\"value\":\"" + max + "\"}", "described", "k")));
        api.send("POST", 409, counter + "/inc", null, "described", "k");
        assertEquals(max, value(api.get(200, counter, "described", "k")));
        api.send("DELETE", 200, counter, null, "described", "k");
        api.get(404, counter, "described", "k");

        // a namespace
        JsonObject page = api.get(200, ns + "/counters", "described");
        assertEquals("[{\"key\":\"new\",\"value\":\"107\"}]", page.get("items").toString());
        api.get(200, ns, "described");
        api.get(200, "/api/namespaces");
        JsonObject file = api.get(200, ns + "/export", "described");
        assertEquals("{\"namespace\":\"described\",\"counters\":{\"new\":107}}", file.toString());
        JsonObject drained = api.send("POST", 200, ns + "/drain", null, "described");
        assertEquals(
                "[{\"key\":\"new\",\"value\":\"107\"}]", drained.get("items").toString());
        assertEquals(
                1,
                api.send("POST", 200, ns + "/import", file.toString(), "described")
                        .get("imported")
                        .getAsInt());
        api.send("POST", 200, ns + "/flush", null, "described");
        assertEquals("moved", outcome(api.send("POST", 200, ns + "/swap", "{\"backend\":\"atomics\"}", "described")));
        assertEquals("107", value(api.get(200, counter, "described", "new")));

        // capacity
        Files.writeString(distribution.conf("org.counterex.backend.atomics.instance-tiny.cfg"), "capacity = 1\n");
        await().atMost(DEADLINE).until(() -> http.get("/api/backends").body().contains("\"tiny\""));
        api.send("POST", 200, ns + "/swap", "{\"backend\":\"tiny\"}", "full");
        api.send("PUT", 200, counter, "{\"value\":1}", "full", "a");
        api.send("PUT", 409, counter, "{\"value\":1}", "full", "b");
        api.send("POST", 409, counter + "/reset", null, "full", "b");
        api.send("POST", 409, counter + "/cas", "{\"expected\":0,\"value\":1}", "full", "b");
        JsonObject rejected = api.send("POST", 409, ns + "/import", "{\"counters\":{\"a\":2,\"b\":3}}", "full");
        assertTrue(rejected.toString(), rejected.toString().contains("set before=1"));
        JsonObject backends = api.get(200, "/api/backends");
        assertTrue(backends.toString(), backends.toString().contains("\"utilisation\":{\"full\":100.0}"));
        api.send("PUT", 200, counter, "{\"value\":1}", "two", "a");
        api.send("PUT", 200, counter, "{\"value\":1}", "two", "b");
        api.send("POST", 409, ns + "/swap", "{\"backend\":\"tiny\"}", "two");
        api.send("DELETE", 200, ns + "/counters", null, "full");
        assertEquals(0, api.get(200, ns + "/counters", "full").get("counters").getAsInt());

        // routes and moves
        JsonObject moves =
                api.send("PUT", 200, "/api/routes", "{\"glob\":\"two\",\"filter\":\"(counterex.backend=counters)\"}");
        assertEquals("moved", outcome(moves.getAsJsonArray("moves").get(0)));
        assertTrue(api.get(200, "/api/routes").toString().contains("(counterex.backend=counters)"));
        api.send("DELETE", 200, "/api/routes?glob=two", null);
        JsonArray all = api.get(200, "/api/moves").getAsJsonArray("moves");
        long newest = all.get(0).getAsJsonObject().get("id").getAsLong();
        assertTrue(newest > all.get(1).getAsJsonObject().get("id").getAsLong());
        assertEquals(
                1,
                api.get(200, "/api/moves?after=" + (newest - 1))
                        .getAsJsonArray("moves")
                        .size());
        assertEquals(
                2, api.get(200, "/api/moves?limit=2").getAsJsonArray("moves").size());

        // invalid input, for every operation that can detect it; and no token, for every operation that requires it
        for (String wrong : List.of("", "x".repeat(1_025))) {
            for (String path : List.of("", "/counters", "/export")) {
                api.get(400, ns + path, wrong);
            }
            for (String path : List.of("/drain", "/import", "/swap", "/flush")) {
                api.send("POST", 400, ns + path, "{\"backend\":\"ets\"}", wrong);
            }
            api.send("DELETE", 400, ns + "/counters", null, wrong);
            api.get(400, counter, "n", wrong);
            api.send("PUT", 400, counter, "{\"value\":1}", "n", wrong);
            api.send("DELETE", 400, counter, null, "n", wrong);
            for (String path : List.of("/inc", "/reset", "/cas")) {
                api.send("POST", 400, counter + path, "{\"value\":1,\"expected\":0}", "n", wrong);
            }
        }
        api.get(400, "/api/namespaces?limit=1001");
        api.get(400, "/api/moves?after=-1");
        api.get(400, "/api/events?chart=none");
        api.send("PUT", 400, "/api/routes", "{\"glob\":\"\",\"filter\":\"(a=b)\"}");
        api.send("DELETE", 400, "/api/routes?glob=none", null);
        String large = "{\"value\":\"" + "1".repeat(65 * 1024) + "\"}";
        for (String path : List.of("/inc", "/reset", "/cas")) {
            api.send("POST", 413, counter + path, large, "n", "k");
        }
        api.send("PUT", 413, counter, large, "n", "k");
        api.send("POST", 413, ns + "/swap", large, "n");
        api.send("PUT", 413, "/api/routes", large);

        Described anonymous = new Described(description, http.anonymous());
        anonymous.send("DELETE", 401, ns + "/counters", null, "n");
        for (String path : List.of("/drain", "/import", "/swap", "/flush")) {
            anonymous.send("POST", 401, ns + path, "{}", "n");
        }
        anonymous.send("PUT", 401, counter, "{}", "n", "k");
        anonymous.send("DELETE", 401, counter, null, "n", "k");
        for (String path : List.of("/inc", "/reset", "/cas")) {
            anonymous.send("POST", 401, counter + path, "{}", "n", "k");
        }
        anonymous.send("PUT", 401, "/api/routes", "{}");
        anonymous.send("DELETE", 401, "/api/routes", null);

        try (Events events = new Events(http, "/api/events")) {
            description.check("GET", "/api/events", events.head());
        }
        assertEquals(Set.of(), description.unseen());
    }

    @Test
    public void method_notAllowed_namesTheAllowedOnes() throws Exception {
        Answer answer = http.send("PATCH", "/api/namespaces/a/counters/b", "{}");
        assertEquals(405, answer.status());
        assertEquals("DELETE, GET, HEAD, PUT", answer.headers().get("allow"));
        assertEquals(405, http.send("TRACE", "/api/namespaces", null).status());
        assertEquals(405, http.send("POST", "/page/index.html", null).status());
        Answer head = http.send("HEAD", "/api/namespaces", null);
        assertEquals(200, head.status());
        assertEquals("", head.body());
        assertEquals("", http.send("HEAD", "/api/events", null).body());
    }

    @Test
    public void hostileNames_workInEveryOperation() throws Exception {
        List<String> charts = new ArrayList<>();
        for (String name : HOSTILE) {
            String path = "/api/namespaces/" + encoded(name);
            String counter = path + "/counters/" + encoded(name);
            assertEquals("7", value(object(200, http.send("POST", counter + "/inc", "{\"step\":\"7\"}"))));
            JsonObject got = object(200, http.get(counter));
            assertEquals(name, got.get("key").getAsString());
            JsonObject page = object(200, http.get(path + "/counters?search=" + encoded(escapedGlob(name))));
            assertEquals(
                    name,
                    page.getAsJsonArray("items")
                            .get(0)
                            .getAsJsonObject()
                            .get("key")
                            .getAsString());
            String exported = http.get(path + "/export").body();
            object(200, http.send("DELETE", path + "/counters", null));
            assertEquals(
                    1,
                    object(200, http.send("POST", path + "/import", exported))
                            .get("imported")
                            .getAsInt());
            assertEquals("7", value(object(200, http.get(counter))));
            assertEquals(
                    "moved", outcome(object(200, http.send("POST", path + "/swap", "{\"backend\":\"counters\"}"))));
            for (String seen : List.of(
                    http.get("/api/namespaces").body(),
                    http.get(path).body(),
                    http.get(path + "/counters").body(),
                    http.get("/api/moves").body(),
                    http.get("/api/routes").body(),
                    http.get("/api/backends").body(),
                    exported)) {
                assertHarmless(seen);
            }
            charts.add("chart=" + encoded(name) + "/" + encoded(name));
        }
        try (Events events = new Events(http, "/api/events?" + String.join("&", charts))) {
            String sample = events.next("sample");
            assertHarmless(sample);
            JsonArray values = JsonParser.parseString(sample).getAsJsonObject().getAsJsonArray("charts");
            for (int i = 0; i < HOSTILE.size(); i++) {
                JsonObject chart = values.get(i).getAsJsonObject();
                assertEquals(HOSTILE.get(i), chart.get("key").getAsString());
                assertEquals("7", chart.get("value").getAsString());
            }
        }
        for (String name : HOSTILE) {
            object(200, http.send("DELETE", "/api/namespaces/" + encoded(name) + "/counters", null));
        }
        String log = distribution.log();
        assertFalse(log.contains("\u001b") || log.contains("\u202E") || log.contains("\u009b"));
    }

    @Test
    public void names_invalid_areRejected() throws Exception {
        for (String wrong : List.of("%", "%4", "%zz", "%FF", "%C0%80", "%ED%A0%80", "%F5%80%80%80", "%00")) {
            assertEquals(wrong, 400, http.get("/api/namespaces/" + wrong).status());
            assertEquals(
                    wrong,
                    400,
                    http.send("PUT", "/api/namespaces/a/counters/" + wrong, "{\"value\":1}")
                            .status());
        }
        assertEquals(404, http.get("/api//namespaces").status());
        assertEquals(404, http.get("/api/../api/namespaces").status());
        assertEquals(404, http.get("/page/../api/namespaces").status());
        assertEquals(
                404,
                http.get("/page/%2e%2e/org/counterex/web/provider/api/openapi.json")
                        .status());
        assertEquals(
                404,
                http.get("/page/..%2forg/counterex/web/provider/WebServer.class")
                        .status());
    }

    @Test
    public void bodies_invalid_changeNothing() throws Exception {
        String counter = "/api/namespaces/bodies/counters/k";
        for (String body : List.of(
                "{",
                "[]",
                "null",
                "{\"value\":1.5}",
                "{\"value\":1e3}",
                "{\"value\":01}",
                "{\"value\":\"\"}",
                "{\"value\":\" 1\"}",
                "{\"value\":\"-9223372036854775808\"}",
                "{\"value\":\"9223372036854775808\"}",
                "{\"value\":" + "9".repeat(1_000) + "}",
                "{\"value\":true}",
                "{\"value\":{}}",
                "{\"value\":1,\"value\":2}",
                "{\"value\":1}x",
                "{\"other\":1}",
                "{\"value\":\"\\x\"}",
                "[".repeat(60_000))) {
            Answer answer = http.send("PUT", counter, body);
            assertEquals(body, 400, answer.status());
            assertHarmless(answer.body());
        }
        byte[] notUtf8 = ("PUT " + counter
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 14\r\n"
                        + "Authorization: Bearer " + http.token() + "\r\n\r\n{\"value\":\"\u00ff1\"}")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(400, http.raw(notUtf8).status());
        assertEquals(404, http.get(counter).status());
    }

    @Test
    public void bodies_tooLarge_areNotRead() throws Exception {
        String head = "PUT /api/namespaces/large/counters/k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Authorization: Bearer " + http.token() + "\r\n";
        assertEquals(
                413,
                http.raw((head + "Content-Length: 99999999999\r\n\r\n").getBytes(StandardCharsets.UTF_8))
                        .status());
        String chunk = "1000\r\n" + " ".repeat(0x1000) + "\r\n";
        String endless = head + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(64);
        assertEquals(413, http.raw(endless.getBytes(StandardCharsets.UTF_8)).status());
        String header = "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(64 * 1024) + "\r\n\r\n";
        assertEquals(431, http.raw(header.getBytes(StandardCharsets.UTF_8)).status());
    }

    // a million counters

    @Test
    public void pages_ofManyCounters_areExactAndLimited() throws Exception {
        int many = 200_000;
        StringBuilder file = new StringBuilder("{\"counters\":{");
        for (int i = 0; i < many; i++) {
            file.append(i == 0 ? "" : ",")
                    .append("\"key")
                    .append(i)
                    .append("\":")
                    .append((i * 7919L) % many);
        }
        String path = "/api/namespaces/many";
        assertEquals(
                many,
                object(
                                200,
                                http.send(
                                        "POST",
                                        path + "/import",
                                        file.append("}}").toString()))
                        .get("imported")
                        .getAsInt());
        JsonObject page = object(200, http.get(path + "/counters?sort=value&order=desc&offset=1000&limit=3"));
        assertEquals(many, page.get("counters").getAsInt());
        List<String> values = new ArrayList<>();
        page.getAsJsonArray("items").forEach(item -> values.add(value(item.getAsJsonObject())));
        assertEquals(List.of("198999", "198998", "198997"), values);
        assertEquals(
                11,
                object(200, http.get(path + "/counters?search=key12345"))
                        .get("matched")
                        .getAsInt());
        assertEquals(
                10,
                object(200, http.get(path + "/counters?search=key%3F"))
                        .get("matched")
                        .getAsInt());
        assertEquals(400, http.get(path + "/counters?offset=99999&limit=1000").status());
        assertEquals(400, http.get(path + "/counters?limit=1001").status());
        await().atMost(DEADLINE)
                .until(
                        () -> object(200, http.get(path)).get("total").toString(),
                        total -> total.equals("\"" + many * (many - 1L) / 2 + "\""));

        // A client that does not read its response occupies a permit, of which there are only a few.
        List<Socket> slow = new ArrayList<>();
        try {
            await().atMost(DEADLINE).until(() -> {
                Socket socket = http.connect();
                slow.add(socket);
                socket.getOutputStream()
                        .write(("GET " + path + "/export HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                Answer answer = http.get(path + "/counters?limit=1");
                return answer.status() == 503 && answer.body().contains("too many concurrent requests");
            });
            assertEquals(200, http.get("/api/namespaces").status());
            assertEquals(200, http.get("/").status());
            // The guard against slow clients releases the permit.
            await().atMost(DEADLINE)
                    .until(() -> http.get(path + "/counters?limit=1").status() == 200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        object(200, http.send("DELETE", path + "/counters", null));
    }

    // access control

    @Test
    public void changes_withoutToken_areRejectedFirst() throws Exception {
        Http anonymous = http.anonymous();
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONSENSE")) {
            for (String path : List.of(
                    "/",
                    "/page/index.html",
                    "/nowhere",
                    "/api",
                    "/api/nowhere",
                    "/api/namespaces/%FF",
                    "/metrics",
                    "/api/namespaces/" + "x".repeat(2_000),
                    "/api/namespaces/a/counters/b",
                    "/api/session")) {
                Answer answer = anonymous.send(method, path, null);
                assertEquals(method + " " + path, 401, answer.status());
                assertTrue(answer.body(), answer.body().startsWith("{\"error\":\"missing or invalid token"));
                assertEquals("Bearer realm=\"counterex\"", answer.headers().get("www-authenticate"));
            }
        }
        for (String wrong : List.of(
                "Bearer",
                "Bearer ",
                "Bearer x",
                "Basic eDp5",
                "Basic ===",
                "Digest x",
                "Bearer " + http.token() + "x",
                "Bearer " + http.token().toLowerCase(Locale.ROOT))) {
            Answer answer =
                    anonymous.send("PUT", "/api/namespaces/a/counters/b", "{\"value\":1}", "Authorization: " + wrong);
            assertEquals(wrong, 401, answer.status());
        }
        assertEquals(404, http.get("/api/namespaces/a/counters/b").status());
        assertEquals(
                "false", object(200, anonymous.get("/api/session")).get("token").toString());
        assertEquals("true", object(200, http.get("/api/session")).get("token").toString());
    }

    @Test
    public void changes_fromForeignOrigins_areRejected() throws Exception {
        String counter = "/api/namespaces/origin/counters/k";
        String own = "http://localhost:" + http.port();
        for (String foreign :
                List.of("http://evil.example", "null", own + "0", "http://localhost", own + ".evil.example")) {
            assertEquals(
                    foreign,
                    403,
                    http.send("PUT", counter, "{\"value\":1}", "Origin: " + foreign)
                            .status());
        }
        assertEquals(
                403,
                http.send("PUT", counter, "{\"value\":1}", "Sec-Fetch-Site: cross-site")
                        .status());
        assertEquals(
                403,
                http.send("PUT", counter, "{\"value\":1}", "Sec-Fetch-Site: same-site")
                        .status());
        assertEquals(404, http.get(counter).status());
        assertEquals(
                200,
                http.send("PUT", counter, "{\"value\":1}", "Origin: " + own, "Sec-Fetch-Site: same-origin")
                        .status());
        assertEquals(null, http.get("/api/namespaces").headers().get("access-control-allow-origin"));
    }

    @Test
    public void hosts_foreign_areRejected() throws Exception {
        for (String host :
                List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8080", "10.0.0.1", "[::2]")) {
            assertEquals(
                    host,
                    403,
                    http.send("GET", "/api/namespaces", null, "Host: " + host).status());
            assertEquals(host, 403, http.send("GET", "/", null, "Host: " + host).status());
        }
        for (String host : List.of("LOCALHOST", "127.0.0.1:1", "[::1]:8080")) {
            assertEquals(
                    host,
                    200,
                    http.send("GET", "/api/namespaces", null, "Host: " + host).status());
        }
        assertEquals(
                400,
                http.raw("GET /api/namespaces HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                        .status());
    }

    @Test
    public void responses_haveSecurityHeaders() throws Exception {
        for (String path : List.of("/", "/api/namespaces", "/nowhere")) {
            Map<String, String> headers = http.get(path).headers();
            assertTrue(
                    headers.toString(),
                    headers.get("content-security-policy").startsWith("default-src 'none'; script-src 'self'"));
            assertEquals("nosniff", headers.get("x-content-type-options"));
            assertEquals("no-referrer", headers.get("referrer-policy"));
            assertNotNull(headers.get("cache-control"));
            assertEquals(null, headers.get("server"));
        }
        Answer page = http.get("/");
        assertEquals(
                "text/html;charset=utf-8", page.headers().get("content-type").replace(" ", ""));
        Answer again =
                http.send("GET", "/", null, "If-None-Match: " + page.headers().get("etag"));
        assertEquals(304, again.status());
        assertEquals(page.body(), http.get("/page/index.html").body());
    }

    @Test
    public void tokenFile_isReadableByItsOwnerOnly() throws Exception {
        Path file = distribution.home().resolve("data/web.token");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        awaitLog(distribution, "tokenFile=" + file);
        assertFalse(distribution.log().contains(http.token()));
    }

    // streams

    @Test
    public void streams_deliverEvents() throws Exception {
        object(200, http.send("PUT", "/api/namespaces/live/counters/k", "{\"value\":\"1\"}"));
        try (Events events = new Events(http, "/api/events?chart=live/k&chart=live/absent")) {
            events.next("sample");
            object(200, http.send("POST", "/api/namespaces/live/counters/k/inc", "{\"step\":\"41\"}"));
            await().atMost(DEADLINE).until(() -> {
                JsonObject sample =
                        JsonParser.parseString(events.next("sample")).getAsJsonObject();
                return sample.get("charts")
                        .toString()
                        .equals("[{\"namespace\":\"live\",\"key\":\"k\",\"value\":\"42\"},"
                                + "{\"namespace\":\"live\",\"key\":\"absent\",\"value\":null}]");
            });
            object(200, http.send("POST", "/api/namespaces/live/swap", "{\"backend\":\"atomics\"}"));
            assertTrue(events.next("move").contains("\"namespace\":\"live\""));
            Files.writeString(distribution.conf("org.counterex.backend.ets.instance-more.cfg"), "ranking = -1\n");
            assertEquals("{}", events.next("backends"));
        }
        assertEquals(
                400, http.get("/api/events?chart=a/b" + "&chart=a/b".repeat(20)).status());
        assertEquals(400, http.get("/api/events?chart=a%2Fb").status());
    }

    @Test
    public void streams_areLimited() throws Exception {
        List<Socket> streams = new ArrayList<>();
        try {
            Answer rejected = null;
            for (int i = 0; i < 1_000; i++) {
                streams.add(open("/api/events"));
            }
            for (Socket stream : streams) {
                assertEquals('H', stream.getInputStream().read());
            }
            rejected = http.get("/api/events");
            assertEquals(503, rejected.status());
            assertTrue(rejected.body(), rejected.body().contains("too many event streams"));
            assertEquals(200, http.get("/api/namespaces").status());
        } finally {
            for (Socket stream : streams) {
                stream.close();
            }
        }
        // Streams of disconnected clients no longer count.
        await().atMost(DEADLINE).until(() -> {
            try (Socket socket = open("/api/events")) {
                byte[] begin = socket.getInputStream().readNBytes(12);
                return new String(begin, StandardCharsets.US_ASCII).endsWith("200");
            }
        });
    }

    // slow clients

    @Test
    public void clients_thatStallWhileSending_areDisconnected() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (String begin : List.of(
                "",
                "GET / HT",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
                "PUT /api/namespaces/a/counters/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nAuthorization: Bearer "
                        + http.token() + "\r\n\r\n{")) {
            Socket socket = http.connect();
            sockets.add(socket);
            socket.getOutputStream().write(begin.getBytes(StandardCharsets.US_ASCII));
        }
        for (Socket socket : sockets) {
            // ends within the deadline of the socket
            Http.answer(socket.getInputStream());
            socket.close();
        }
    }

    /** Clients that read receive a sample every second meanwhile. */
    @Test
    public void clients_thatDoNotRead_areDisconnected() throws Exception {
        Distribution other = copy("slow");
        int port = freePort();
        try (Run slow = start(other, "127.0.0.1", port)) {
            awaitServed(other);
            Http served = new Http(port, token(other));
            // each character of a name takes six in a response: some megabytes per second
            for (int i = 0; i < 250; i++) {
                String name = encoded(i + "\u202E".repeat(1_000));
                assertEquals(
                        200,
                        served.send("PUT", "/api/namespaces/" + name + "/counters/k", "{\"value\":1}")
                                .status());
            }
            try (Events idle = new Events(served, "/api/events");
                    Events reading = new Events(served, "/api/events")) {
                int samples = 0;
                while (samples < 6) {
                    reading.next("sample");
                    samples++;
                }
                assertTrue(idle.count() < samples);
            }
            assertEquals(0, slow.terminate().outcome().status());
        }
    }

    // the process

    @Test
    public void command_printsTheLinkWithTheToken() throws Exception {
        Distribution other = copy("command");
        int port = freePort();
        Outcome outcome = run(other, port, "counter:inc a b; counter:web");
        assertEquals("", outcome.err());
        assertEquals("1\nhttp://127.0.0.1:" + port + "/#token=" + token(other) + "\n", outcome.out());
        assertEquals(0, outcome.status());
    }

    @Test
    public void port_inUse_isLoggedAndTheRestRuns() throws Exception {
        Distribution other = copy("taken");
        Outcome batch = run(other, http.port(), "counter:inc a b");
        assertEquals("1\n", batch.out());
        assertEquals("", batch.err());
        Outcome command = run(other, http.port(), "counter:inc a b; counter:web");
        assertEquals(1, command.status());
        assertEquals("2\n", command.out());
        String line = "the page is not served, the port is in use or not permitted: host=127.0.0.1 port=" + http.port()
                + "; to use another: COUNTEREX_OPTS=-Dorg.osgi.service.http.port=N";
        assertEquals("counterex: " + line + "\n", command.err());
        try (Run second = start(other, "127.0.0.1", http.port())) {
            await().atMost(DEADLINE).until(() -> other.log().split(Pattern.quote(line), -1).length > 2);
            awaitLog(other, "console: running");
            assertEquals(0, second.terminate().outcome().status());
        }
    }

    @Test
    public void offLoopback_withoutCredentials_nothingIsServed() throws Exception {
        Distribution other = copy("off");
        int port = freePort();
        Http anonymous = new Http(port, null);
        try (Run off = start(other, "0.0.0.0", port)) {
            awaitLog(other, "because other machines can reach them");
            assertTrue(
                    other.log(),
                    other.log().contains("required=token, or user and password, in conf/org.counterex.web.cfg"));
            assertEquals(404, anonymous.get("/api/namespaces").status());
            assertEquals(404, anonymous.get("/").status());
            assertFalse(Files.exists(other.home().resolve("data/web.token")));

            String secret = "a-secret-that-is-long";
            Files.writeString(other.conf(WEB), "token = " + secret + "\nuser = me\npassword = pass word\n");
            await().atMost(DEADLINE).until(() -> anonymous.get("/").status() == 200);
            assertEquals(401, anonymous.get("/api/namespaces").status());
            assertEquals(401, anonymous.get("/api/events").status());
            assertEquals(401, anonymous.get("/metrics").status());
            assertEquals(
                    "Basic realm=\"counterex\"",
                    anonymous.get("/api/moves").headers().get("www-authenticate"));
            assertEquals(200, new Http(port, secret).get("/api/namespaces").status());
            String basic = "Authorization: Basic "
                    + Base64.getEncoder().encodeToString("me:pass word".getBytes(StandardCharsets.UTF_8));
            assertEquals(
                    200,
                    anonymous
                            .send("PUT", "/api/namespaces/a/counters/b", "{\"value\":1}", basic)
                            .status());

            Files.writeString(other.conf(WEB), "token = short\n");
            await().atMost(DEADLINE).until(() -> anonymous.get("/").status() == 404);
            awaitLog(other, "invalid setting: token=(not shown) expected=16 characters or more");
            assertFalse(other.log().contains("pass word") || other.log().contains(secret));
        }
    }

    @Test
    public void restart_endsStreamsAndKeepsTheToken() throws Exception {
        Distribution other = copy("restart");
        int port = freePort();
        String token;
        try (Run first = start(other, "127.0.0.1", port)) {
            awaitServed(other);
            token = token(other);
            Http served = new Http(port, token);
            object(200, served.send("PUT", "/api/namespaces/kept/counters/k", "{\"value\":\"7\"}"));
            try (Events events = new Events(served, "/api/events")) {
                events.next("sample");
                Files.writeString(other.conf(WEB), "maxStreams = 1\n");
                events.awaitEnd();
                await().atMost(DEADLINE).until(() -> served.get("/").status() == 200);
            }
            try (Events events = new Events(served, "/api/events?chart=kept/k")) {
                events.next("sample");
                assertEquals(503, served.get("/api/events").status());
                first.terminate();
                events.awaitEnd();
            }
            assertEquals(0, first.outcome().status());
        }
        try (Run second = start(other, "127.0.0.1", port)) {
            Http served = new Http(port, token);
            await().atMost(DEADLINE)
                    .ignoreExceptions()
                    .until(() -> served.get("/").status() == 200);
            try (Events events = new Events(served, "/api/events?chart=kept/k")) {
                await().atMost(DEADLINE).until(() -> events.next("sample").contains("\"key\":\"k\",\"value\":\"7\""));
            }
            assertEquals(
                    "true", object(200, served.get("/api/session")).get("token").toString());
        }
    }

    // helpers

    /** Client that checks responses against the description. */
    private record Described(OpenApi description, Http client) {

        Described(OpenApi description) {
            this(description, http);
        }

        JsonObject get(int status, String path, String... names) throws IOException {
            return send("GET", status, path, null, names);
        }

        JsonObject send(String method, int status, String path, String body, String... names) throws IOException {
            String actual = path;
            for (String name : names) {
                actual = actual.replaceFirst("\\{[a-z]+}", encoded(name));
            }
            Answer answer = client.send(method, actual, body);
            JsonObject object = object(status, answer);
            description.check(method, path.split("\\?")[0], answer);
            return object;
        }
    }

    /** Client of an event stream. */
    private static final class Events implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader in;
        private final StringBuilder head = new StringBuilder();

        Events(Http client, String path) throws IOException {
            socket = client.connect();
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append(line).append("\r\n");
            }
        }

        Answer head() throws IOException {
            return Http.answer(new ByteArrayInputStream((head + "\r\n").getBytes(StandardCharsets.UTF_8)));
        }

        /** Returns the data of the next event of a type. */
        String next(String name) throws IOException {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals("event: " + name)) {
                    return in.readLine().substring("data: ".length());
                }
            }
            throw new AssertionError("the stream has ended: expected=" + name + " head=" + head);
        }

        /** Reads to the end. */
        void awaitEnd() throws IOException {
            count();
        }

        /** Reads to the end and returns the number of samples. */
        int count() throws IOException {
            int samples = 0;
            try {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    samples += line.equals("event: sample") ? 1 : 0;
                }
            } catch (SocketException e) {
                // connection reset
            }
            return samples;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Socket open(String path) throws IOException {
        Socket socket = http.connect();
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static JsonObject object(int status, Answer answer) {
        assertEquals(answer.toString(), status, answer.status());
        assertTrue(answer.toString(), answer.whole());
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }

    private static String value(JsonObject counter) {
        return counter.get("value").getAsString();
    }

    private static String outcome(JsonElement move) {
        return move.getAsJsonObject().get("outcome").getAsString();
    }

    /** Asserts that a text contains no terminal controls, invisible characters or HTML markup. */
    private static void assertHarmless(String body) {
        body.codePoints().forEach(c -> {
            boolean harmful = c != '\n'
                            && (Character.isISOControl(c)
                                    || Character.getType(c) == Character.FORMAT
                                    || c == 0x2028
                                    || c == 0x2029)
                    || c == '<'
                    || c == '>';
            assertFalse(String.format("U+%04X in %s", c, body), harmful);
        });
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace(".", "%2E");
    }

    private static String escapedGlob(String name) {
        String part = name.length() > 100 ? name.substring(0, 100) : name;
        return name.indexOf('*') < 0 && name.indexOf('?') < 0 ? part : part.replaceAll("[*?\\\\]", "\\\\$0") + "*";
    }

    private static Distribution copy(String name) throws IOException {
        return Distribution.in(FOLDER.getRoot().toPath().resolve(name));
    }

    private static String token(Distribution distribution) throws IOException {
        return Files.readString(distribution.home().resolve("data/web.token")).trim();
    }

    private static void awaitServed(Distribution distribution) {
        awaitLog(distribution, "the page is served: ");
    }

    private static void awaitLog(Distribution distribution, String text) {
        await().atMost(DEADLINE)
                .ignoreExceptions()
                .until(() -> distribution.log().contains(text));
    }

    private static Run start(Distribution distribution, String host, int port) throws IOException {
        return Run.of(distribution.program(), options(host, port), List.of("run"));
    }

    private static Outcome run(Distribution distribution, int port, String commands) throws Exception {
        return Run.of(distribution.program(), options("127.0.0.1", port), List.of("-c", commands))
                .end();
    }

    private static Map<String, String> options(String host, int port) {
        return Map.of(
                "COUNTEREX_OPTS",
                System.getProperty("counterex.opts", "") + " -Dorg.apache.felix.http.host=" + host
                        + " -Dorg.osgi.service.http.port=" + port + " -Dorg.apache.felix.http.timeout=" + TIMEOUT_MS);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
