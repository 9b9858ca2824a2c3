package org.counterex.itest;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.inject.Inject;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.RouteDTO;
import org.junit.After;
import org.junit.Before;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** Base of tests in which counters must stay exact while the steps of a test are repeated. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public abstract class CountingTest {

    private static final int ROUNDS = 6;

    /** The minimum duration of each test; for a longer run, {@code mvn verify -Ditest.ms=10000}. */
    private static final long TIME_MS = Long.getLong("counterex.ms", 500);

    @Inject
    private BundleContext context;

    Platform platform;

    /** The values that the counters must have in the end. */
    final Ledger ledger = new Ledger();

    /** An operation on the framework. */
    interface Step {
        void take() throws Exception;
    }

    @Configuration
    public Option[] configuration() throws IOException {
        return new Container(getClass()).options();
    }

    @Before
    public void emptyAllNamespaces() {
        platform = new Platform(context);
        Counters counters = platform.service(Counters.class);
        counters.namespaces().forEach(name -> counters.namespace(name).deleteAll());
    }

    /** Deletes routes by their configurations, so that no configuration event reaches the next test. */
    @After
    public void deleteAllRoutes() throws Exception {
        for (RouteDTO route : registry().routes()) {
            platform.deleteConfiguration(route.pid);
        }
        Await.until(
                () -> registry().routes().isEmpty(), () -> registry().routes().toString());
    }

    /** Returns whether all backends in use guarantee exact results. */
    boolean exact() {
        return true;
    }

    /** Returns whether a refused move is expected. */
    boolean mayBeRefused(MoveDTO move) {
        return false;
    }

    /** Returns whether the registry itself stops in the tests. */
    boolean registryStops() {
        return false;
    }

    final BackendRegistry registry() {
        return platform.service(BackendRegistry.class);
    }

    /** Waits for a backend that satisfies a condition. */
    final void awaitBackend(Predicate<BackendDTO> condition) {
        Await.until(
                () -> registry().backends().stream().anyMatch(condition),
                () -> registry().backends().toString());
    }

    /** Waits until no backend satisfies a condition. */
    final void awaitNoBackend(Predicate<BackendDTO> condition) {
        Await.until(
                () -> registry().backends().stream().noneMatch(condition),
                () -> registry().backends().toString());
    }

    /** Waits until a bundle's backend is bound; the bundle itself is active earlier. */
    final void awaitBackendOf(Bundle bundle) {
        awaitBackend(backend -> {
            ServiceReference<?>[] services = bundle.getRegisteredServices();
            return services != null
                    && Arrays.stream(services)
                            .anyMatch(service ->
                                    Long.valueOf(backend.serviceId).equals(service.getProperty(Constants.SERVICE_ID)));
        });
    }

    final Path jar(String name) {
        return platform.folder(Container.JARS).resolve(name + ".jar");
    }

    /**
     * Performs steps in turn, several times, while writers count. After each step every writer makes further calls; in
     * every other round all moves have settled before that. In the end every counter must be exact and the move log
     * consistent.
     *
     * @return the moves
     */
    final AuditTrail countersAreExactWhile(Step... steps) throws Exception {
        set("quiet", Calls.QUIET);
        AuditTrail trail;
        long seed;
        try (Writers writers = new Writers(() -> platform.present(Counters.class), registryStops(), false, ledger)) {
            seed = writers.seed();
            writers.keepCounting();
            AuditTrail.awaitSettled(registry());
            trail = AuditTrail.since(registry());
            long enough = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIME_MS);
            for (int round = 0; round < ROUNDS || System.nanoTime() - enough < 0; round++) {
                for (Step step : steps) {
                    step.take();
                    if (round % 2 == 0) {
                        AuditTrail.awaitSettled(registry());
                    }
                    writers.keepCounting();
                }
            }
        }
        AuditTrail.awaitSettled(registry());
        Await.until(() -> disagreements().isEmpty(), () -> disagreements() + ", seed " + seed);
        if (registryStops()) {
            trail = AuditTrail.whole(registry());
        }
        trail.verify(Calls.QUIET, this::mayBeRefused);
        assertTrue("no move recorded", !trail.moves("quiet").isEmpty());
        return trail;
    }

    /** Sets counters that no writer changes. */
    final void set(String namespace, Map<String, Long> values) {
        CounterNamespace counters = platform.service(Counters.class).namespace(namespace);
        values.forEach((key, value) -> ledger.sum(namespace, key)[0] = counters.set(key, value));
    }

    final List<String> disagreements() {
        return ledger.disagreements(platform.service(Counters.class), exact());
    }
}
