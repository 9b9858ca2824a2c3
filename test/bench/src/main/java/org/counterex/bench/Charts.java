package org.counterex.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.counterex.bench.Results.Run;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts of the performance record, as SVG. */
public final class Charts {

    static final Path FOLDER = Path.of("docs", "performance");

    private static final List<Integer> THREADS = List.of(1, 2, 4, 8);
    private static final List<Integer> KEYS = List.of(1_024, 16_384, 131_072, 1_000_000);

    private static final Pattern DECIMALS = Pattern.compile("(\\d\\.\\d)\\d+");

    private static final Map<String, String> BY_HANDLE = names(
            "HandleBenchmark.ets", "Counter.inc(), ets",
            "HandleBenchmark.atomics", "Counter.inc(), atomics",
            "HandleBenchmark.countersAdd", "Counter.add(1), counters",
            "HandleBenchmark.atomicLong", "AtomicLong",
            "HandleBenchmark.longAdder", "LongAdder",
            "HandleBenchmark.jctools", "JCTools, 8 stripes");

    private static final Map<String, String> BY_NAME = names(
            "NameBenchmark.ets", "inc(key), ets",
            "NameBenchmark.atomics", "inc(key), atomics",
            "NameBenchmark.countersAdd", "add(key, 1), counters",
            "NameBenchmark.mapOfAtomicLong", "map of AtomicLong",
            "NameBenchmark.mapOfLongAdder", "map of LongAdder",
            "NameBenchmark.dropwizard", "Dropwizard");

    private Charts() {}

    private static Map<String, String> names(String... pairs) {
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            names.put(pairs[i], pairs[i + 1]);
        }
        return names;
    }

    /** Returns the runs that the charts show; most of them are not part of a target. */
    static List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        for (String benchmark : BY_HANDLE.keySet()) {
            THREADS.forEach(threads -> runs.add(new Run(benchmark, KEYS.get(0), threads)));
        }
        for (String benchmark : BY_NAME.keySet()) {
            KEYS.forEach(keys -> runs.add(new Run(benchmark, keys, 1)));
        }
        return runs;
    }

    /** Returns whether a benchmark has the number of keys as a parameter. */
    static boolean isKeyed(Run run) {
        return run.benchmark().startsWith("Name") && !run.benchmark().startsWith("Namespaces");
    }

    static void write(Results results, SwapRun.Result swap) throws IOException {
        XYChart threads = chart("One counter", "threads", "million additions per second, all threads");
        BY_HANDLE.forEach((benchmark, name) -> {
            List<Run> runs = THREADS.stream()
                    .map(count -> new Run(benchmark, KEYS.get(0), count))
                    .filter(results::has)
                    .toList();
            line(
                    threads,
                    name,
                    runs.stream().mapToDouble(Run::threads).toArray(),
                    runs.stream()
                            .mapToDouble(run -> run.threads() * 1e3 / results.time(run))
                            .toArray());
        });
        save(threads, FOLDER, "threads");

        XYChart counters = chart("By name, in random order, one thread", "counters", "million additions per second");
        counters.getStyler().setXAxisLogarithmic(true);
        BY_NAME.forEach((benchmark, name) -> {
            List<Run> runs = KEYS.stream()
                    .map(count -> new Run(benchmark, count, 1))
                    .filter(results::has)
                    .toList();
            line(
                    counters,
                    name,
                    runs.stream().mapToDouble(Run::keys).toArray(),
                    runs.stream().mapToDouble(run -> 1e3 / results.time(run)).toArray());
        });
        save(counters, FOLDER, "counters");

        XYChart latency =
                chart("Moving 1,000,000 counters with two writers", "slowest of this many calls", "microseconds");
        latency.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        for (SwapRun.Phase phase : swap.phases()) {
            List<double[]> points = phase.percentiles().stream()
                    .filter(point -> point[0] < 100 && point[1] > 0)
                    .toList();
            line(
                    latency,
                    phase.name(),
                    points.stream().mapToDouble(point -> 100 / (100 - point[0])).toArray(),
                    points.stream().mapToDouble(point -> point[1]).toArray());
        }
        save(latency, FOLDER, "swap");
    }

    /** Returns an empty chart. */
    public static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(760)
                .height(420)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler()
                .setPlotGridLinesStroke(new BasicStroke(1)) // each dash would be written as a shape
                .setLegendPosition(LegendPosition.OutsideE)
                .setChartBackgroundColor(Color.WHITE);
        return chart;
    }

    /** Adds a line if all its points are finite. */
    public static void line(XYChart chart, String name, double[] x, double[] y) {
        if (x.length > 0 && Arrays.stream(y).allMatch(Double::isFinite)) {
            chart.addSeries(name, x, y).setMarker(x.length > KEYS.size() ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
        }
    }

    /**
     * Writes a chart with coordinates to a tenth of a pixel: the encoder writes ten decimals, and letters as outlines.
     */
    public static void save(XYChart chart, Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        ByteArrayOutputStream exact = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(chart, exact, VectorGraphicsFormat.SVG);
        String rounded = DECIMALS.matcher(exact.toString(UTF_8)).replaceAll("$1");
        Files.writeString(folder.resolve(name + ".svg"), rounded);
    }
}
