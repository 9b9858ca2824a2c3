package org.counterex.tck;

import java.util.Random;
import org.junit.AssumptionViolatedException;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/**
 * Source of the random numbers of a test. Each failure contains the seed, which {@code -Dcounterex.seed=...} sets to
 * reproduce it. With {@code -Dcounterex.rounds=100} tests that use {@link #rounds} run 100 times as long.
 */
public final class Seed implements TestRule {

    private static final String PROPERTY = "counterex.seed";
    private static final int FACTOR = Integer.getInteger("counterex.rounds", 1);

    private final long seed = Long.getLong(PROPERTY, System.nanoTime());

    /**
     * Returns a new generator.
     *
     * @param stream the number of the sequence; one for each thread
     */
    public Random random(int stream) {
        return new Random(seed + stream);
    }

    /** Returns the number of rounds, given the usual one for a complete build. */
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
