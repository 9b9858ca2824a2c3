package org.counterex.bench;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.counterex.api.CounterNamespace;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.BareRegistry;

/** A registry over some backends, with a new namespace for each invocation, and made anew itself now and then. */
final class Fixture {

    /** So many namespaces in one registry: what a bind looks through, and what is kept, stays little. */
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

    /** A new namespace, which will be born in {@code ets} or else in the first backend. */
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

    /** Goes on at once, or after up to some dozen microseconds. */
    static void pause() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long end = System.nanoTime() + (1L << random.nextInt(MAX_PAUSE_LOG2_NS));
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** One namespace, and what can befall it. */
    record TestNamespace(BareRegistry registry, CounterBackend[] backends, CounterNamespace namespace) {

        /** Moves it to a backend. */
        void move(int target) {
            registry.move(namespace, backends[target]);
        }

        /** The first backend leaves and comes back. */
        void restartBackend() {
            registry.unbind(backends[0]);
            registry.rebind(backends[0]);
        }
    }
}
