package org.counterex.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.log.LoggerFactory;

/**
 * Soak test with all operations at random: {@code mvn -Psoak verify -pl test/itest -am}. The operations and the
 * comparison are in {@link Soak}; this class refreshes the API between rounds, hence refers to none of its types, and
 * checks for leaks.
 *
 * <p>Not part of the normal build. Ends after a number of moves and backend updates, and fails if that takes too long.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class SoakIT {

    private static final long SEED = Long.getLong("counterex.soak.seed", new Random().nextLong());
    private static final long MINUTES = Long.getLong("counterex.soak.minutes", 30);
    private static final long MOVES = Long.getLong("counterex.soak.moves", 10_000);

    /** Number of backend updates between two measurements of the footprint; the first one follows a warm-up. */
    private static final long MEASURE_PERIOD = 100;

    private static final long UPDATES = 11 * MEASURE_PERIOD;
    private static final int API_ROUNDS = 5;
    private static final int MEDIAN_OF = 3;
    private static final int MORE_THREADS = 5;
    private static final long MORE_HEAP = 4 << 20;
    private static final int CONFIGURATIONS = 60;
    private static final String API = "org.counterex.api";

    @Inject
    private BundleContext context;

    private final SoakRecord record = SoakRecord.begin(SEED);
    private final List<Footprint.Level> levels = new ArrayList<>();
    private final Logged errors = new Logged("error");
    private final long begun = System.nanoTime();
    private Platform platform;
    private Footprint footprint;
    private Bundle soak;

    @Configuration
    public Option[] configuration() throws IOException {
        return new Container(getClass()).options();
    }

    @Before
    public void installTheSoak() throws Exception {
        System.out.println("Soak: seed " + SEED + ", at least " + MOVES + " moves and " + UPDATES
                + " updates of backends, at most " + MINUTES + " min");
        platform = new Platform(context);
        footprint = new Footprint(platform);
        platform.listen(footprint);
        platform.register(LoggerFactory.class, errors.service(), Map.of(Constants.SERVICE_RANKING, 1));
        platform.register(Map.class, record.content(), Map.of());
        soak = platform.install(jar("org.counterex.itest.soak"));
    }

    @Test
    public void soak_ofAllOperations_isExactWithoutLeaks() throws Exception {
        for (long round = 1; moves() < MOVES || record.figure("updates") < UPDATES; round++) {
            assertTrue(
                    "not enough in " + MINUTES + " min: " + summary(),
                    System.nanoTime() - begun < TimeUnit.MINUTES.toNanos(MINUTES));
            runRound();
            if (record.figure("updates") >= MEASURE_PERIOD * (levels.size() + 1)) {
                measure();
            }
            if (round % API_ROUNDS == 0) {
                replaceTheApi(round % 2 == 0);
            }
        }
        assertTrue("class loaders not observed: " + summary(), record.figure("updates") <= last().loaders());
        requireFlat("threads", Footprint.Level::threads, first -> first + MORE_THREADS);
        requireFlat("heap", Footprint.Level::heap, first -> first + first / 5 + MORE_HEAP);
        System.out.println(summary());
    }

    @SuppressWarnings("unchecked") // the soak registers no others
    private List<String> call(String task) {
        Supplier<List<String>> supplier = platform.service(Supplier.class, "(" + Client.TASK + "=" + task + ")");
        return supplier.get();
    }

    private void runRound() {
        List<String> problems = new ArrayList<>(call(Soak.ROUND));
        errors.lines().stream()
                .filter(line -> !line.startsWith("route rejected")) // chaos made it so that it has to be
                .forEach(problems::add);
        assertTrue("seed " + SEED + "\n" + String.join("\n", problems) + "\n" + summary(), problems.isEmpty());
    }

    /** Refreshes or updates the API while writers count; their bundle depends on it and is restarted as well. */
    private void replaceTheApi(boolean refreshOnly) throws Exception {
        Bundle api = platform.bundle(API);
        record.step("replace the API");
        record.count(refreshOnly ? "API refreshes" : "API updates", 1);
        if (!refreshOnly) {
            platform.update(api, jar(api.getVersion().getMicro() == 99 ? API : API + "-other"));
        }
        platform.refresh(api);
    }

    private void measure() throws Exception {
        call(Soak.PAUSE);
        levels.add(footprint.level());
        call(Soak.RESUME);
        System.out.println("Soak: " + seconds() + " s, " + record.figure("calls") + " calls, " + moves() + " moves, "
                + record.figure("updates") + " updates, " + last());
        int configurations = platform.configurations();
        assertTrue(configurations + " configurations", configurations < CONFIGURATIONS);
    }

    private Footprint.Level last() {
        return levels.get(levels.size() - 1);
    }

    private void requireFlat(String what, ToLongFunction<Footprint.Level> figure, ToLongFunction<Long> most) {
        long first = median(levels.subList(0, MEDIAN_OF), figure);
        long last = median(levels.subList(levels.size() - MEDIAN_OF, levels.size()), figure);
        assertTrue(what + " grew from " + first + " to " + last + ": " + levels, last <= most.applyAsLong(first));
    }

    private static long median(List<Footprint.Level> levels, ToLongFunction<Footprint.Level> figure) {
        return levels.stream().mapToLong(figure).sorted().toArray()[levels.size() / 2];
    }

    private long moves() {
        return record.figure("moves moved");
    }

    private long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    }

    private String summary() {
        StringBuilder text = new StringBuilder("Soak: seed " + SEED + ", " + seconds() + " s");
        record.allFigures()
                .forEach((name, figure) ->
                        text.append("\n  ").append(name).append(": ").append(figure));
        levels.forEach(level -> text.append("\n  ").append(level));
        return text.toString();
    }

    private Path jar(String name) {
        return platform.folder(Container.JARS).resolve(name + ".jar");
    }

    @After
    public void stopTheSoak() throws Exception {
        soak.stop();
        assertEquals(List.of(), record.problems());
    }
}
