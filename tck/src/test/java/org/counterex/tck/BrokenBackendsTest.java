package org.counterex.tck;

import static org.junit.Assert.assertFalse;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.counterex.api.backend.CounterBackend;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/** Every test of the suites detects a fault: it fails on a backend that violates what it verifies. */
@RunWith(Parameterized.class)
public class BrokenBackendsTest {

    private static final List<Flaw> FLAWS = Stream.of(
                    OperationFlaws.ALL, NamespaceFlaws.ALL, RangeFlaws.ALL, RaceFlaws.ALL, BoundFlaws.ALL)
            .flatMap(List::stream)
            .toList();

    /** The subject of the suites below; set before each run, one at a time. */
    private static BackendUnderTest subject;

    interface Broken extends BackendUnderTest {
        @Override
        default CounterBackend newBackend() throws Exception {
            return subject.newBackend();
        }

        @Override
        default OptionalLong capacity() {
            return subject.capacity();
        }

        @Override
        default long lowest() {
            return subject.lowest();
        }
    }

    public static class Operations extends CounterBackendContract implements Broken {}

    public static class Namespaces extends NamespaceContract implements Broken {}

    public static class Range extends RangeContract implements Broken {}

    public static class Races extends ConcurrentBackendContract implements Broken {}

    public static class Counters extends CounterLifecycleContract implements Broken {}

    public static class Bounds extends BoundedBackendContract implements Broken {}

    private final Class<?> suite;
    private final String test;

    public BrokenBackendsTest(String test, Class<?> suite) {
        this.test = test;
        this.suite = suite;
    }

    @Parameterized.Parameters(name = "{0}")
    public static List<Object[]> tests() {
        return Verdict.tests(
                List.of(Operations.class, Namespaces.class, Range.class, Races.class, Counters.class, Bounds.class),
                FLAWS.stream().flatMap(flaw -> flaw.caughtBy().stream()).toList());
    }

    @Test
    public void test_onFaultyBackends_fails() {
        List<Flaw> flaws =
                FLAWS.stream().filter(flaw -> flaw.caughtBy().contains(test)).toList();
        assertFalse("no broken backend for " + test, flaws.isEmpty());
        for (Flaw flaw : flaws) {
            subject = flaw.subject();
            Verdict.assertFails(suite, test, flaw.name());
        }
    }
}
