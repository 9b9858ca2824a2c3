package org.counterex.itest;

import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;

/**
 * Random operations of one writer on one namespace, with the state from which the expected values follow. The state
 * holds JDK types only, because it outlives this class when the API is refreshed. Not thread-safe.
 */
abstract class Workload {

    private static final int BURST = 256;

    final String name;
    final String[] keys;
    final Random random;
    final Map<String, Object> state;
    CounterNamespace namespace;

    /** Number of calls that the last {@link #next} made. */
    long calls;

    private final Trace trace = new Trace();
    private final Counter[] handles;
    private Counters counters;

    Workload(String name, int keys, Random random, Map<String, Object> state) {
        this.name = name;
        this.keys = IntStream.range(0, keys).mapToObj(i -> "k" + i).toArray(String[]::new);
        this.random = random;
        this.state = state;
        handles = new Counter[keys];
    }

    /** Continues with a service, the first one or its successor. */
    void open(Counters service) {
        counters = service;
        namespace = name.equals(Counters.DEFAULT_NAMESPACE) ? service : service.namespace(name);
        for (int k = 0; k < keys.length; k++) {
            handles[k] = namespace.counter(keys[k]);
        }
    }

    /**
     * Makes one call, records its effect and checks its result.
     *
     * @throws AssertionError if a result is wrong
     */
    abstract void next();

    /** Returns a counter: a retained handle, a look-up by name, or a new handle from the service. */
    final Counter counter(int k) {
        return switch (random.nextInt(3)) {
            case 0 -> handles[k];
            case 1 -> new NamedCounter(namespace, keys[k]);
            default -> counters.namespace(name).counter(keys[k]);
        };
    }

    /** Adds by a read and compare-and-swap, until the swap succeeds. */
    final long addBySwap(int k, long step) {
        Counter counter = counter(k);
        long expected = counter.get().orElse(0);
        for (; ; ) {
            var result = counter.compareAndSwap(expected, expected + step);
            if (result.swapped()) {
                return recorded("swap", keys[k], step, result.value());
            }
            expected = result.value();
        }
    }

    /** An operation on a counter. */
    interface Operation {
        void on(Counter counter);
    }

    /** Applies an operation to the first counter many times in a row, so that moves run into calls in flight. */
    final void burst(Operation operation) {
        for (int i = 0; i < BURST; i++) {
            operation.on(handles[0]);
            calls++;
        }
        recorded("burst", keys[0], BURST, "");
    }

    /** Adds a call to the trace and returns its result. */
    final <R> R recorded(String call, String key, long argument, R result) {
        trace.add(call, key, argument, result);
        return result;
    }

    /** Describes a counter for a failure message: its name and its last calls. */
    final String describe(String key) {
        return name + "/" + key + " after " + trace.of(key);
    }

    /** Returns a random step: mostly small, occasionally wider than 32 bits. */
    final long step() {
        int step = random.nextInt(2_000) - 500;
        return random.nextInt(16) == 0 ? (long) step << 24 : step;
    }
}
