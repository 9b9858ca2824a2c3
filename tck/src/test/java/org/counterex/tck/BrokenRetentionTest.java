package org.counterex.tck;

import static org.junit.Assert.assertFalse;

import java.util.HashMap;
import java.util.List;
import org.counterex.api.backend.CounterBackend;
import org.counterex.tck.RetentionFlaws.RetentionFlaw;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/**
 * Every test of the suite for local retention detects a fault: it fails on a backend that violates what it verifies.
 */
@RunWith(Parameterized.class)
public class BrokenRetentionTest {

    /** The subject of the suite below; set before each run, one at a time. */
    private static RetentionFlaw subject;

    public static class LocalRetention extends RetainedValuesContract {
        @Override
        public CounterBackend newBackend() {
            return subject.backends().on(new HashMap<>());
        }

        @Override
        protected CounterBackend reopened(CounterBackend backend) throws Exception {
            close(backend);
            return crashed(backend);
        }

        @Override
        protected CounterBackend crashed(CounterBackend backend) {
            return DiskMapBackend.after(backend, subject.backends());
        }
    }

    private final String test;
    private final Class<?> suite;

    public BrokenRetentionTest(String test, Class<?> suite) {
        this.test = test;
        this.suite = suite;
    }

    @Parameterized.Parameters(name = "{0}")
    public static List<Object[]> tests() {
        return Verdict.tests(
                List.of(LocalRetention.class),
                RetentionFlaws.ALL.stream()
                        .flatMap(flaw -> flaw.caughtBy().stream())
                        .toList());
    }

    @Test
    public void test_onAFaultyBackend_fails() {
        List<RetentionFlaw> flaws = RetentionFlaws.ALL.stream()
                .filter(flaw -> flaw.caughtBy().contains(test))
                .toList();
        assertFalse("no broken backend for " + test, flaws.isEmpty());
        for (RetentionFlaw flaw : flaws) {
            subject = flaw;
            Verdict.assertFails(suite, test, flaw.name());
        }
    }
}
