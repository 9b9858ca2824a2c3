package org.counterex.bench;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** How much lincheck is to try: little in every build, much with the profile {@code proof}. */
final class Effort {

    private static final int SCENARIOS = Integer.getInteger("counterex.proof.scenarios", 5);
    private static final int INVOCATIONS = Integer.getInteger("counterex.proof.invocations", 100);

    private Effort() {}

    /** Random scenarios that run as the scheduler of the system pleases. */
    static StressOptions stress() {
        return sized(new StressOptions()).actorsPerThread(3).actorsBefore(2).actorsAfter(2);
    }

    /** Random scenarios of which lincheck chooses the switches between threads itself. */
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
