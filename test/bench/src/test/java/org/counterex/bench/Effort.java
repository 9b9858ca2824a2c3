package org.counterex.bench;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** Number of scenarios and invocations for lincheck: few in every build, many with the profile {@code proof}. */
final class Effort {

    private static final int SCENARIOS = Integer.getInteger("counterex.proof.scenarios", 5);
    private static final int INVOCATIONS = Integer.getInteger("counterex.proof.invocations", 100);

    private Effort() {}

    /** Returns options for random scenarios under the scheduler of the system. */
    static StressOptions stress() {
        return sized(new StressOptions()).actorsPerThread(3).actorsBefore(2).actorsAfter(2);
    }

    /** Returns options for random scenarios in which lincheck chooses the switches between threads. */
    static ModelCheckingOptions modelChecking() {
        return sized(new ModelCheckingOptions())
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1);
    }

    private static <O extends Options<O, ?>> O sized(O options) {
        return options.threads(2)
                .iterations(SCENARIOS)
                .invocationsPerIteration(INVOCATIONS)
                .minimizeFailedScenario(false);
    }
}
