package org.counterex.bench;

import static org.junit.Assert.assertThrows;

import org.counterex.api.Counter;
import org.counterex.backend.ets.provider.BareEts;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.Test;

/** Verifies that {@link LinearizabilityTest} detects a backend with an error in the transfer. */
public class WeakBackendTest {

    @Test
    public void valueReadBeforeSeal_isDetected() {
        assertThrows(LincheckAssertionError.class, () -> check(Weak.class));
    }

    @Test
    public void backend_withoutThatError_passes() {
        check(Sound.class);
    }

    private static void check(Class<?> scenarios) {
        Effort.stress().sequentialSpecification(Model.OfOneKey.class).check(scenarios);
    }

    /** Additions and moves. The additions are by a handle, which keeps the cell and so can see it being sealed. */
    @Param(name = "key", gen = IntGen.class, conf = "0:1")
    @Param(name = "target", gen = IntGen.class, conf = "0:1")
    public abstract static class Scenarios {
        private final Fixture.TestNamespace testNamespace;
        private final Counter counter;

        Scenarios(Fixture fixture) {
            testNamespace = fixture.newNamespace();
            counter = testNamespace.namespace().counter("a");
        }

        @Operation
        public Object handleInc(@Param(name = "key") int key) {
            Fixture.pause();
            return counter.inc();
        }

        @Operation
        public void move(@Param(name = "target") int target) {
            testNamespace.move(target);
        }
    }

    public static final class Weak extends Scenarios {
        private static final Fixture FIXTURE = new Fixture(BareEts::backend, () -> new WeakBackend(true));

        public Weak() {
            super(FIXTURE);
        }
    }

    public static final class Sound extends Scenarios {
        private static final Fixture FIXTURE = new Fixture(BareEts::backend, () -> new WeakBackend(false));

        public Sound() {
            super(FIXTURE);
        }
    }
}
