package org.counterex.web.provider.metrics;

import static org.counterex.web.provider.metrics.OpenMetricsFormat.OPENMETRICS;
import static org.counterex.web.provider.metrics.OpenMetricsFormat.PROMETHEUS;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.counterex.api.admin.MoveDTO;
import org.counterex.tck.Arbitrary;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricsProcessor;
import org.hawkular.agent.prometheus.walkers.CollectorPrometheusMetricsWalker;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Scrapes with arbitrary names and values, read back by several parsers. */
public class OpenMetricsTest {

    private static final List<String> HOSTILE = List.of(
            "\\",
            "\"",
            "\n",
            "\\n",
            "\\\"",
            "\r\n",
            "a\\",
            "\"} 1\ncounterex_value{key=\"x",
            "# EOF",
            "<script>",
            " ",
            "\t",
            "\0",
            "\u001b[31m",
            "\u202egnp",
            "\u2028",
            "\u0085",
            "e\u0301",
            "\ud83d\ude00",
            "{}",
            ",=",
            "\uffff");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static MetricsFixture hostile() {
        MetricsFixture registry = new MetricsFixture();
        long value = -Long.MAX_VALUE;
        for (String namespace : HOSTILE) {
            for (String key : HOSTILE) {
                registry.with(namespace, key, value);
                value = value == Long.MAX_VALUE ? 0 : value < 0 ? Long.MAX_VALUE : value + 1;
            }
        }
        registry.with("extremes", "lowest", -Long.MAX_VALUE);
        registry.with("extremes", "highest", Long.MAX_VALUE);
        registry.with("extremes", "past double", (1L << 53) + 1);
        registry.moved(1, MoveDTO.Outcome.MOVED, 3, 1_234_567);
        registry.moved(4, MoveDTO.Outcome.REFUSED, 0, 10);
        return registry;
    }

    private static MetricsFixture arbitrary(Random random) {
        Arbitrary arbitrary = new Arbitrary(random);
        MetricsFixture registry = new MetricsFixture();
        for (int i = 0; i < 200; i++) {
            registry.with(arbitrary.name(), arbitrary.name(), arbitrary.value());
        }
        return registry;
    }

    @Test
    public void openMetrics_ofHostileNamesAndExtremeValues_readsBackExactly() {
        MetricsFixture registry = hostile();
        assertEquals(registry.values, new MetricsReader(registry.scrape(OPENMETRICS)).values());
    }

    @Test
    public void openMetrics_ofArbitraryCounters_readsBackExactly() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            MetricsFixture registry = arbitrary(random);
            assertEquals("seed " + seed, registry.values, new MetricsReader(registry.scrape(OPENMETRICS)).values());
        }
    }

    /**
     * Independent parser. It uses the charset of the platform, so names are restricted to ASCII, and parses values as
     * doubles.
     */
    @Test
    public void prometheusText_ofHostileNames_isReadByAClientLibrary() {
        long seed = System.nanoTime();
        for (MetricsFixture registry : List.of(hostile(), arbitrary(new Random(seed)))) {
            registry.values.keySet().removeIf(namespace -> !isAscii(namespace));
            registry.values.values().forEach(counters -> counters.keySet().removeIf(key -> !isAscii(key)));
            byte[] text = registry.scrape(PROMETHEUS).getBytes(StandardCharsets.UTF_8);
            CollectorPrometheusMetricsWalker walker = new CollectorPrometheusMetricsWalker();
            new TextPrometheusMetricsProcessor(new ByteArrayInputStream(text), walker).walk();
            Map<String, Map<String, Double>> read = new HashMap<>();
            walker.getAllMetricFamilies().stream()
                    .filter(family -> family.getName().equals("counterex_value"))
                    .flatMap(family -> family.getMetrics().stream())
                    .forEach(metric -> read.computeIfAbsent(
                                    metric.getLabels().get("namespace"), absent -> new HashMap<>())
                            .put(
                                    metric.getLabels().get("key"),
                                    ((org.hawkular.agent.prometheus.types.Gauge) metric).getValue()));
            Map<String, Map<String, Double>> written = new HashMap<>();
            registry.values.forEach((namespace, counters) ->
                    counters.forEach((key, value) -> written.computeIfAbsent(namespace, absent -> new HashMap<>())
                            .put(key, value.doubleValue())));
            written.values().removeIf(Map::isEmpty);
            assertEquals("seed " + seed, written, read);
        }
    }

    private static boolean isAscii(String name) {
        return name.chars().allMatch(c -> c < 128);
    }

    @Test
    public void promtool_findsNothingWrongWithPrometheusText() throws Exception {
        if (!Promtool.isPresent()) {
            return;
        }
        String output =
                Promtool.run(hostile().scrape(PROMETHEUS), folder.newFolder().toPath(), "check", "metrics");
        assertEquals("", output);
    }

    /** Imports a scrape with the parser of Prometheus itself, which requires a timestamp on every sample. */
    @Test
    public void promtool_readsOpenMetrics() throws Exception {
        if (!Promtool.isPresent()) {
            return;
        }
        MetricsFixture registry = hostile();
        Path work = folder.newFolder().toPath();
        Path file = work.resolve("metrics.txt");
        String text = Pattern.compile("(?m)^([^#\n].*)$", Pattern.UNIX_LINES)
                .matcher(registry.scrape(OPENMETRICS))
                .replaceAll("$1 1000000000");
        Files.writeString(file, text);
        Path store = work.resolve("store");
        Promtool.run("", work, "tsdb", "create-blocks-from", "openmetrics", "-q", file.toString(), store.toString());
        Files.createDirectories(store.resolve("wal")); // promtool requires a write-ahead log
        String dump = Promtool.run("", work, "tsdb", "dump", store.toString());
        long counters = registry.values.values().stream().mapToLong(Map::size).sum();
        assertEquals(counters, dump.split("__name__=\"counterex_value\"", -1).length - 1);
        assertTrue(
                dump,
                dump.contains(
                        "__name__=\"counterex_value\", key=\"highest\", namespace=\"extremes\"} 9.223372036854776e+18"));
    }

    @Test
    public void families_ofBackendsAndMoves_describeTheRegistry() {
        MetricsReader read = new MetricsReader(hostile().scrape(OPENMETRICS));
        assertEquals("1", read.value("counterex_info", "version", "0.1.0"));
        assertEquals("1000", read.value("counterex_backend_capacity", "backend", "atomics/a\"\\\nb"));
        assertEquals(null, read.value("counterex_backend_capacity", "backend", "ets/ets"));
        assertEquals("3", read.value("counterex_backend_counters", "backend", "ets/ets", "namespace", "ns"));
        assertEquals("3", read.value("counterex_namespace_counters", "namespace", "extremes", "backend", "ets/ets"));
        assertEquals("1", read.value("counterex_moves_total", "outcome", "moved"));
        assertEquals("1", read.value("counterex_moves_total", "outcome", "refused"));
        assertEquals("2", read.value("counterex_moves_total", "outcome", "unseen"));
        assertEquals("3", read.value("counterex_moved_counters_total"));
        assertEquals("2", read.value("counterex_move_duration_seconds_count"));
        assertEquals("1.234577", read.value("counterex_move_duration_seconds_sum"));
        assertEquals("0", read.value("counterex_scrape_truncated"));
        assertEquals("0", read.value("counterex_scrape_failed_namespaces"));
    }

    @Test
    public void moves_ofARestartedRegistry_areAdded() {
        MetricsFixture registry = new MetricsFixture();
        registry.moved(1, MoveDTO.Outcome.MOVED, 3, 10);
        MetricsMoves moves = new MetricsMoves();
        var first = registry.registry();
        moves.update(first);
        assertEquals(1L, moves.update(first).outcomes().get("moved").longValue());
        assertEquals(
                2L, moves.update(registry.registry()).outcomes().get("moved").longValue());
    }

    @Test
    public void limit_thatCuts_isReported() {
        MetricsFixture registry =
                new MetricsFixture().with("a", "1", 1).with("a", "2", 2).with("b", "3", 3);
        MetricsReader cut = new MetricsReader(registry.scrape(OPENMETRICS, MetricsFilter.ALL, 2));
        assertEquals(Map.of("a", Map.of("1", 1L, "2", 2L)), cut.values());
        assertEquals("1", cut.value("counterex_scrape_truncated"));
        MetricsReader whole = new MetricsReader(registry.scrape(OPENMETRICS, MetricsFilter.ALL, 3));
        assertEquals(registry.values, whole.values());
        assertEquals("0", whole.value("counterex_scrape_truncated"));
    }

    @Test
    public void patterns_selectNamespacesAndKeys() {
        MetricsFixture registry = new MetricsFixture()
                .with("http", "get", 1)
                .with("http", "post", 2)
                .with("http/2", "get", 3)
                .with("jobs", "get", 4);
        assertEquals(Map.of("http", Map.of("get", 1L, "post", 2L)), scraped(registry, List.of("http"), List.of()));
        assertEquals(Map.of("http", Map.of("get", 1L)), scraped(registry, List.of("ht*/g?t"), List.of("http\\/2")));
        assertEquals(Map.of("http/2", Map.of("get", 3L)), scraped(registry, List.of("http\\/*/*"), List.of()));
        assertEquals(Map.of("http", Map.of("post", 2L)), scraped(registry, List.of(), List.of("*/get")));
        assertEquals(Map.of(), scraped(registry, List.of("HTTP"), List.of()));
    }

    private static Map<String, Map<String, Long>> scraped(
            MetricsFixture registry, List<String> include, List<String> exclude) {
        MetricsFilter filter = new MetricsFilter(MetricsFilter.ALL, include, exclude);
        return new MetricsReader(registry.scrape(OPENMETRICS, filter, 100)).values();
    }

    @Test
    public void patterns_ofARequest_narrowTheConfiguration() {
        MetricsFixture registry =
                new MetricsFixture().with("a", "x", 1).with("b", "x", 2).with("b", "y", 3);
        MetricsFilter configured = new MetricsFilter(MetricsFilter.ALL, List.of("b"), List.of());
        MetricsFilter asked = new MetricsFilter(configured, List.of("*/x"), List.of());
        assertEquals(
                Map.of("b", Map.of("x", 2L)), new MetricsReader(registry.scrape(OPENMETRICS, asked, 100)).values());
    }

    @Test
    public void pattern_withoutNamespaceOrKey_isRejected() {
        for (String pattern : List.of("/", "/key", "ns/", "")) {
            assertThrows(
                    pattern,
                    IllegalArgumentException.class,
                    () -> new MetricsFilter(MetricsFilter.ALL, List.of(pattern), List.of()));
        }
    }

    @Test
    public void format_isThePreferredOne() {
        assertEquals(PROMETHEUS, OpenMetricsFormat.preferred(null));
        assertEquals(PROMETHEUS, OpenMetricsFormat.preferred("*/*"));
        assertEquals(PROMETHEUS, OpenMetricsFormat.preferred("text/html,text/plain;q=0.9"));
        assertEquals(PROMETHEUS, OpenMetricsFormat.preferred("application/openmetrics-text;q=0"));
        assertEquals(OPENMETRICS, OpenMetricsFormat.preferred("application/openmetrics-text; version=1.0.0"));
        assertEquals(
                OPENMETRICS,
                OpenMetricsFormat.preferred("application/openmetrics-text;version=1.0.0;q=0.5,"
                        + "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"));
        assertEquals(PROMETHEUS, OpenMetricsFormat.preferred("application/openmetrics-text;q=0.5, text/plain;q=0.9"));
    }

    /**
     * The tool of Prometheus, from the Debian package prometheus. If it is missing, the tests that need it print so and
     * pass.
     */
    private static final class Promtool {

        private static final long TIMEOUT_S = 60;

        static boolean isPresent() {
            for (String directory : System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
                if (Files.isExecutable(Path.of(directory, "promtool"))) {
                    return true;
                }
            }
            System.err.println("PROMTOOL IS MISSING: /metrics was not checked with the parser of Prometheus");
            return false;
        }

        /** Runs the tool and returns its output. */
        static String run(String input, Path work, String... arguments) throws IOException, InterruptedException {
            Path in = Files.writeString(work.resolve("input.txt"), input);
            Path out = work.resolve("output.txt");
            List<String> command = new java.util.ArrayList<>(List.of("promtool"));
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectErrorStream(true)
                    .start();
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("promtool timed out");
            }
            String output = Files.readString(out);
            assertEquals(output, 0, process.exitValue());
            return output;
        }
    }
}
