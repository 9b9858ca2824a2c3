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

/** Counters stay exact while something happens to the framework again and again; what it is, the tests of subclasses say. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public abstract class CountingTest {

    private static final int ROUNDS = 6;

    /** How long each test goes on at least; for a longer run, {@code mvn verify -Ditest.ms=10000}. */
    private static final long TIME_MS = Long.getLong("counterex.ms", 500);

    @Inject
    private BundleContext context;

    Platform platform;

    /** What has to be in the counters in the end. */
    final Ledger ledger = new Ledger();

    /** Something that happens to the framework. */
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

    /** By their configurations: when they are gone, nothing is left to be told of them in the next test. */
    @After
    public void deleteAllRoutes() throws Exception {
        for (RouteDTO route : registry().routes()) {
            platform.deleteConfiguration(route.pid);
        }
        Await.until(
                () -> registry().routes().isEmpty(), () -> registry().routes().toString());
    }

    /** Whether the tests use only what promises that each returned value is exact. */
    boolean exact() {
        return true;
    }

    /** Whether a move may have been refused. */
    boolean mayBeRefused(MoveDTO move) {
        return false;
    }

    /** Whether the registry itself stops in the tests. */
    boolean registryStops() {
        return false;
    }

    final BackendRegistry registry() {
        return platform.service(BackendRegistry.class);
    }

    /** Waits for a backend that has something about it. */
    final void awaitBackend(Predicate<BackendDTO> condition) {
        Await.until(
                () -> registry().backends().stream().anyMatch(condition),
                () -> registry().backends().toString());
    }

    /** Waits until there is no backend that has something about it. */
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
     * Takes some steps in turn, several times, while writers count. After each step every writer counts on for a while; every
     * other time all namespaces have come to rest before. In the end every counter is exact and the record of moves adds up.
     *
     * @return the record
     */
    final AuditTrail countersAreExactWhile(Step... steps) throws Exception {
        set("quiet", Calls.QUIET);
        AuditTrail trail;
        long seed;
        try (Writers writers = new Writers(() -> platform.present(Counters.class), registryStops(), false, ledger)) {
            seed = writers.seed();
            writers.keepCounting();
            AuditTrail.rest(registry());
            trail = AuditTrail.since(registry());
            long enough = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIME_MS);
            for (int round = 0; round < ROUNDS || System.nanoTime() - enough < 0; round++) {
                for (Step step : steps) {
                    step.take();
                    if (round % 2 == 0) {
                        AuditTrail.rest(registry());
                    }
                    writers.keepCounting();
                }
            }
        }
        AuditTrail.rest(registry());
        Await.until(() -> disagreements().isEmpty(), () -> disagreements() + ", seed " + seed);
        if (registryStops()) {
            trail = AuditTrail.whole(registry());
        }
        trail.addsUp(Calls.QUIET, this::mayBeRefused);
        assertTrue("nothing has moved", !trail.moves("quiet").isEmpty());
        return trail;
    }

    /** Gives counters their values, which nobody else changes. */
    final void set(String namespace, Map<String, Long> values) {
        CounterNamespace counters = platform.service(Counters.class).namespace(namespace);
        values.forEach((key, value) -> ledger.sum(namespace, key)[0] = counters.set(key, value));
    }

    final List<String> disagreements() {
        return ledger.disagreements(platform.service(Counters.class), exact());
    }
}
