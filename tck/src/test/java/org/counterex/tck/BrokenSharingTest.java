package org.counterex.tck;

import static org.junit.Assert.assertFalse;

import java.util.List;
import org.counterex.api.backend.CounterBackend;
import org.counterex.tck.SharingFlaws.SharingFlaw;
import org.example.counters.SynchronizedMapBackend;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/** That no test of the suites for backends that share values is idle: each fails on some that break what it states. */
@RunWith(Parameterized.class)
public class BrokenSharingTest {

    /** What the suites below are run on; set before each run, of which there is one at a time. */
    private static SharingFlaw subject;

    /** What those of the present test share. */
    private static CounterBackend place;

    interface Broken extends SharedBackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            place = new SynchronizedMapBackend();
            return another(null);
        }

        @Override
        default CounterBackend another(CounterBackend backend) {
            return subject.backends().on(place);
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

    public static class Sharers extends SharedValuesContract implements Broken {}

    public static class RacingSharers extends ConcurrentSharedValuesContract implements Broken {}

    private final String test;
    private final Class<?> suite;

    public BrokenSharingTest(String test, Class<?> suite) {
        this.test = test;
        this.suite = suite;
    }

    @Parameterized.Parameters(name = "{0}")
    public static List<Object[]> tests() {
        return Verdict.tests(
                List.of(Sharers.class, RacingSharers.class),
                SharingFlaws.ALL.stream()
                        .flatMap(flaw -> flaw.caughtBy().stream())
                        .toList());
    }

    @Test
    public void test_onBackendsThatBreakItsPromise_fails() {
        List<SharingFlaw> flaws = SharingFlaws.ALL.stream()
                .filter(flaw -> flaw.caughtBy().contains(test))
                .toList();
        assertFalse("there are broken backends for " + test, flaws.isEmpty());
        for (SharingFlaw flaw : flaws) {
            subject = flaw;
            Verdict.assertFails(suite, test, flaw.name());
        }
    }
}
