package org.counterex.tck;

import static org.junit.Assert.assertFalse;

import java.util.List;
import org.counterex.api.backend.CounterBackend;
import org.counterex.tck.SharingFlaws.SharingFlaw;
import org.example.counters.SynchronizedMapBackend;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/** Every test of the suites for shared backends detects a fault: it fails on backends that violate what it verifies. */
@RunWith(Parameterized.class)
public class BrokenSharingTest {

    /** The subject of the suites below; set before each run, one at a time. */
    private static SharingFlaw subject;

    /** The store of the present test. */
    private static CounterBackend store;

    interface Broken extends SharedBackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            store = new SynchronizedMapBackend();
            return another(null);
        }

        @Override
        default CounterBackend another(CounterBackend backend) {
            return subject.backends().on(store);
        }

        @Override
        default boolean isSeenAtOnce() {
            return subject.atOnce();
        }

        @Override
        default boolean returnsExactValues() {
            return subject.atOnce();
        }
    }

    public static class Sharing extends SharedValuesContract implements Broken {}

    public static class RacingSharing extends ConcurrentSharedValuesContract implements Broken {}

    private final String test;
    private final Class<?> suite;

    public BrokenSharingTest(String test, Class<?> suite) {
        this.test = test;
        this.suite = suite;
    }

    @Parameterized.Parameters(name = "{0}")
    public static List<Object[]> tests() {
        return Verdict.tests(
                List.of(Sharing.class, RacingSharing.class),
                SharingFlaws.ALL.stream()
                        .flatMap(flaw -> flaw.caughtBy().stream())
                        .toList());
    }

    @Test
    public void test_onFaultyBackends_fails() {
        List<SharingFlaw> flaws = SharingFlaws.ALL.stream()
                .filter(flaw -> flaw.caughtBy().contains(test))
                .toList();
        assertFalse("no broken backends for " + test, flaws.isEmpty());
        for (SharingFlaw flaw : flaws) {
            subject = flaw;
            Verdict.assertFails(suite, test, flaw.name());
        }
    }
}
