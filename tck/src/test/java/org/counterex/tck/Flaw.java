package org.counterex.tck;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.counterex.api.backend.CounterBackend;
import org.example.counters.SynchronizedMapBackend;

/**
 * One fault of a backend.
 *
 * @param name its description
 * @param subject a backend with the fault
 * @param caughtBy the tests that have to fail on it, each by itself
 */
record Flaw(String name, BackendUnderTest subject, List<String> caughtBy) {

    /** Returns a fault of the example. */
    static Flaw of(String name, Consumer<ModifiedBackend> tampering, String... caughtBy) {
        return new Flaw(name, () -> tampered(new SynchronizedMapBackend(), tampering), List.of(caughtBy));
    }

    /** Returns a fault of a bounded backend without negative values. */
    static Flaw ofBounded(
            String name, Supplier<BoundedMapBackend> good, Consumer<ModifiedBackend> tampering, String... caughtBy) {
        BackendUnderTest subject = new BackendUnderTest() {
            @Override
            public CounterBackend newBackend() {
                return tampered(good.get(), tampering);
            }

            @Override
            public OptionalLong capacity() {
                return OptionalLong.of(BoundFlaws.CAPACITY);
            }

            @Override
            public long lowest() {
                return 0;
            }
        };
        return new Flaw(name, subject, List.of(caughtBy));
    }

    /** Lets other threads run, at every few calls: parks, because a yield may have no effect. */
    static void pause() {
        if (ThreadLocalRandom.current().nextInt(10) == 0) {
            LockSupport.parkNanos(1);
        }
    }

    private static CounterBackend tampered(CounterBackend good, Consumer<ModifiedBackend> tampering) {
        ModifiedBackend tampered = new ModifiedBackend(good);
        tampering.accept(tampered);
        return tampered;
    }
}
