package org.counterex.bench;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.counterex.api.CounterNamespace;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.BareRegistry;

/** Registry with some backends that gives each invocation a new namespace, and is replaced after a number of them. */
final class Fixture {

    /** Bounds the memory of a registry and the time of a bind, which visits all namespaces. */
    private static final int NAMESPACES_PER_REGISTRY = 64;

    private static final int MAX_PAUSE_LOG2_NS = 17;

    private final List<Supplier<CounterBackend>> suppliers;
    private CounterBackend[] backends;
    private BareRegistry registry;
    private long namespaces;

    @SafeVarargs
    Fixture(Supplier<CounterBackend>... suppliers) {
        this.suppliers = List.of(suppliers);
    }

    /** Returns a new namespace, to be placed in {@code ets} or else in the first backend. */
    synchronized TestNamespace newNamespace() {
        if (namespaces++ % NAMESPACES_PER_REGISTRY == 0) {
            if (registry != null) {
                registry.close();
            }
            backends = suppliers.stream().map(Supplier::get).toArray(CounterBackend[]::new);
            registry = new BareRegistry(backends);
        }
        return new TestNamespace(registry, backends, registry.counters().namespace("ns-" + namespaces));
    }

    /** Spins for a random time of up to about 130 microseconds. */
    static void pause() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long end = System.nanoTime() + (1L << random.nextInt(MAX_PAUSE_LOG2_NS));
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** A namespace, with the registry and backends for moving it. */
    record TestNamespace(BareRegistry registry, CounterBackend[] backends, CounterNamespace namespace) {

        /** Moves it to a backend. */
        void move(int target) {
            registry.move(namespace, backends[target]);
        }

        /** Unbinds the first backend and binds it again. */
        void restartBackend() {
            registry.unbind(backends[0]);
            registry.rebind(backends[0]);
        }
    }
}
