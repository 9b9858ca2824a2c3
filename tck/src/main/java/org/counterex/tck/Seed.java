package org.counterex.tck;

import java.util.Random;
import org.junit.AssumptionViolatedException;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/**
 * Gives a test its random numbers, and each failure the number that gives the same ones again with
 * {@code -Dcounterex.seed=...}. With {@code -Dcounterex.rounds=100} tests that ask for it go on for 100 times as long.
 */
public final class Seed implements TestRule {

    private static final String PROPERTY = "counterex.seed";
    private static final int FACTOR = Integer.getInteger("counterex.rounds", 1);

    private final long seed = Long.getLong(PROPERTY, System.nanoTime());

    /** @param stream which of any number of independent sequences; one for each thread */
    public Random random(int stream) {
        return new Random(seed + stream);
    }

    /** How often to try, where a build that runs every test has time for {@code usual} times. */
    public int rounds(int usual) {
        return Math.multiplyExact(usual, FACTOR);
    }

    @Override
    public Statement apply(Statement test, Description description) {
        return new Statement() {
            @Override
            public void evaluate() throws Throwable {
                try {
                    test.evaluate();
                } catch (AssumptionViolatedException e) {
                    throw e;
                } catch (Throwable e) {
                    Object problem = e instanceof AssertionError ? e.getMessage() : e;
                    throw new AssertionError(problem + " [" + Seed.this + "]", e);
                }
            }
        };
    }

    @Override
    public String toString() {
        return PROPERTY + "=" + seed;
    }
}
