package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Test;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runners.model.FrameworkMethod;
import org.junit.runners.model.TestClass;

/** Runs of the tests of suites on faulty subjects. */
final class Verdict {

    private static final int ATTEMPTS = 5;

    private Verdict() {}

    /**
     * Returns the tests of suites, each with its suite, as parameters.
     *
     * @param named the tests that faults refer to, all of which have to exist
     */
    static List<Object[]> tests(List<Class<?>> suites, List<String> named) {
        List<Object[]> tests = new ArrayList<>();
        Set<String> unknown = new TreeSet<>(named);
        for (Class<?> suite : suites) {
            for (FrameworkMethod test : new TestClass(suite).getAnnotatedMethods(Test.class)) {
                tests.add(new Object[] {test.getName(), suite});
                unknown.remove(test.getName());
            }
        }
        assertEquals("tests that faults refer to and no suite has", Set.of(), unknown);
        return tests;
    }

    /** Asserts that a test fails: at once or, for a race that succeeded by chance, after a few attempts. */
    static void assertFails(Class<?> suite, String test, String flaw) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Result result = new JUnitCore().run(Request.method(suite, test));
            assertEquals("tests run", 1, result.getRunCount());
            if (result.getFailureCount() == 1) {
                return;
            }
        }
        fail(test + " does not detect: " + flaw);
    }
}
