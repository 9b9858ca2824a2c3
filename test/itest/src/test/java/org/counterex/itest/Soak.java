package org.counterex.itest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Bundle in which writers count while {@link Chaos} changes the framework, for {@link SoakIT}. As a bundle it survives
 * a refresh of the API: it continues with the record that it finds as the service of type {@link Map}. It registers
 * services of type {@link Supplier}, distinguished as those of the {@link Client}; each returns a list of problems.
 *
 * <p>Rounds alternate. In an <em>exact</em> round the backend {@code counters} is disabled and every result must be
 * exact. In the others it is enabled, and {@code inc} may miss concurrent increments of other writers in its result.
 */
public final class Soak implements BundleActivator {

    /** Runs one round: random operations, then a comparison of all counters with the model. */
    static final String ROUND = "round";

    /** Pauses the writers; they retain their state. */
    static final String PAUSE = "pause";

    /** Resumes the writers. */
    static final String RESUME = "resume";

    private static final int STEPS = 60;
    private static final int SHOWN = 20;
    private static final long JOIN_MS = 20_000;

    private ServiceTracker<Counters, Counters> counters;
    private ServiceTracker<BackendRegistry, BackendRegistry> registries;
    private SoakRecord record;
    private Chaos chaos;
    private MoveLog moves;
    private List<SoakWriter> writers;

    @Override
    public void start(BundleContext context) throws Exception {
        counters = new ServiceTracker<>(context, Counters.class, null);
        counters.open();
        registries = new ServiceTracker<>(context, BackendRegistry.class, null);
        registries.open();
        record = new SoakRecord(content(context));
        chaos = new Chaos(new Platform(context), record);
        moves = new MoveLog(registries::getService, record);
        if (record.figure("starts") == 0) {
            chaos.begin();
            chaos.enableCounters(false);
            fill();
        }
        record.count("starts", 1);
        writers = IntStream.range(0, SoakWriter.THREADS)
                .mapToObj(i -> new SoakWriter(i, counters::getService, record))
                .toList();
        writers.forEach(Thread::start);
        offer(context, ROUND, this::round);
        offer(context, PAUSE, () -> pause(true));
        offer(context, RESUME, () -> pause(false));
    }

    private static void offer(BundleContext context, String name, Supplier<List<String>> task) {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of(Client.TASK, name));
        context.registerService(Supplier.class.getName(), task, properties);
    }

    private List<String> pause(boolean pause) {
        writers.forEach(writer -> writer.pause(pause));
        return List.of();
    }

    @SuppressWarnings("unchecked") // the test registers no other map
    private static Map<String, Object> content(BundleContext context) {
        ServiceReference<?> reference = context.getServiceReference(Map.class.getName());
        return (Map<String, Object>) context.getService(reference);
    }

    private void fill() {
        Counters service = counters.getService();
        service.namespaces().forEach(name -> service.namespace(name).deleteAll());
        Calls.QUIET.forEach(service.namespace(ReadOnly.NAME)::set);
        for (int k = 0; k < SoakWriter.MANY; k++) {
            service.namespace("big").set("k" + k, 0);
        }
    }

    private boolean isExact() {
        return record.figure("rounds") % 2 == 0;
    }

    private List<String> round() {
        try {
            for (int i = 0; i < STEPS && record.problems().isEmpty(); i++) {
                chaos.step(!isExact());
                moves.collect();
            }
            Await.until(moves::isSettled, () -> "moves do not settle: " + moves);
            whileWritersAreStopped(() -> {
                compare(counters.getService());
                record.count("rounds", 1);
                chaos.enableCounters(!isExact());
            });
        } catch (Exception | AssertionError e) {
            record.problem(e + " at " + Arrays.toString(e.getStackTrace()));
        }
        List<String> problems = record.problems().stream()
                .limit(SHOWN)
                .map(this::withMoves)
                .collect(Collectors.toCollection(ArrayList::new));
        if (!problems.isEmpty()) {
            problems.add("last steps: " + record.lastSteps());
        }
        return problems;
    }

    private String withMoves(String problem) {
        return problem
                + workloads()
                        .map(workload -> workload.name)
                        .distinct()
                        .filter(name -> problem.contains(name + "/"))
                        .map(name -> "\n  moves of " + name + ": " + moves.last(name))
                        .collect(Collectors.joining());
    }

    private Stream<Workload> workloads() {
        return writers.stream().flatMap(writer -> writer.workloads.stream());
    }

    private interface Action {
        void take() throws Exception;
    }

    private void whileWritersAreStopped(Action action) throws Exception {
        writers.forEach(writer -> writer.turn.lock());
        try {
            action.take();
        } finally {
            writers.forEach(writer -> writer.turn.unlock());
        }
    }

    /** Compares all counters with the expected values of the writers. */
    private void compare(Counters service) {
        Map<String, Map<String, Long>> expected = new TreeMap<>(Map.of(ReadOnly.NAME, Calls.QUIET));
        for (SoakWriter writer : writers) {
            writer.own.forEach(workload -> expected.put(workload.name, workload.model()));
            writer.sums.forEach(
                    workload -> workload.addTo(expected.computeIfAbsent(workload.name, absent -> new HashMap<>())));
        }
        expected.forEach(
                (name, values) -> compare(name, values, service.namespace(name).getAll()));
        List<NumberWorkload> numbers =
                writers.stream().map(writer -> writer.numbers).toList();
        numbers.get(0).recordDrained(service.namespace(NumberWorkload.NAME).drain());
        NumberWorkload.disagreements(numbers, isExact()).forEach(record::problem);
        numbers.forEach(NumberWorkload::clear);
        Set<String> unexpected = new TreeSet<>(service.namespaces());
        unexpected.removeAll(expected.keySet());
        if (!unexpected.isEmpty()) {
            record.problem("unexpected namespaces: " + unexpected);
        }
        record.count("comparisons", 1);
    }

    /**
     * In summed namespaces a counter with the value 0 may be present or absent; in all others presence must agree as
     * well.
     */
    private void compare(String name, Map<String, Long> expected, Map<String, Long> actual) {
        Set<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        boolean summed = writers.get(0).sums.stream().anyMatch(workload -> workload.name.equals(name));
        for (String key : keys) {
            Long value = summed ? Long.valueOf(actual.getOrDefault(key, 0L)) : actual.get(key);
            if (!Objects.equals(value, expected.get(key))) {
                record.problem(name + "/" + key + ": actual=" + value + " expected=" + expected.get(key) + " calls="
                        + workloads()
                                .filter(workload -> workload.name.equals(name))
                                .map(workload -> workload.describe(key))
                                .toList());
            }
        }
    }

    @Override
    public void stop(BundleContext context) throws InterruptedException {
        writers.forEach(SoakWriter::close);
        for (SoakWriter writer : writers) {
            writer.join(JOIN_MS);
            if (writer.isAlive()) {
                record.problem(
                        writer + " did not return from a call: stack=" + Arrays.toString(writer.getStackTrace()));
            }
        }
        moves.collect();
        registries.close();
        counters.close();
    }
}
