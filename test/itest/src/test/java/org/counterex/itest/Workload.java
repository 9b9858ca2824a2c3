package org.counterex.itest;

import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;

/**
 * What one writer does in one namespace, and the page on which it keeps what it knows of it. A page holds nothing but types of
 * the JDK: it outlives the API, and with it this class. Not for several threads at once.
 */
abstract class Workload {

    private static final int BLOWS = 256;

    final String name;
    final String[] keys;
    final Random random;
    final Map<String, Object> page;
    CounterNamespace namespace;

    /** Calls that were made by {@link #next}, for whoever counts them. */
    long more;

    private final Trace trace = new Trace();
    private final Counter[] handles;
    private Counters counters;

    Workload(String name, int keys, Random random, Map<String, Object> page) {
        this.name = name;
        this.keys = IntStream.range(0, keys).mapToObj(i -> "k" + i).toArray(String[]::new);
        this.random = random;
        this.page = page;
        handles = new Counter[keys];
    }

    /** Goes on with a service, the first one or its successor. */
    void open(Counters service) {
        counters = service;
        namespace = name.equals(Counters.DEFAULT_NAMESPACE) ? service : service.namespace(name);
        for (int k = 0; k < keys.length; k++) {
            handles[k] = namespace.counter(keys[k]);
        }
    }

    /**
     * Makes one call, enters what came of it, and checks what can be checked at once.
     *
     * @throws AssertionError a result is wrong
     */
    abstract void next();

    /** A counter, by a handle that is kept, by name, or by way of the service. */
    final Counter counter(int k) {
        return switch (random.nextInt(3)) {
            case 0 -> handles[k];
            case 1 -> new NamedCounter(namespace, keys[k]);
            default -> counters.namespace(name).counter(keys[k]);
        };
    }

    /** Adds by reading and swapping, until nobody comes between. */
    final long addBySwap(int k, long step) {
        Counter counter = counter(k);
        long expected = counter.get().orElse(0);
        for (; ; ) {
            var result = counter.compareAndSwap(expected, expected + step);
            if (result.swapped()) {
                return noted("swap", keys[k], step, result.value());
            }
            expected = result.value();
        }
    }

    /** What is done with one counter again and again, as fast as it goes, so that moves meet calls under way. */
    interface Blow {
        void on(Counter counter);
    }

    /** Does something with the handle of the first counter many times. */
    final void hammer(Blow blow) {
        for (int i = 0; i < BLOWS; i++) {
            blow.on(handles[0]);
            more++;
        }
        noted("hammered", keys[0], BLOWS, "");
    }

    /** Enters a call in the trace. */
    final <R> R noted(String call, String key, long argument, R result) {
        trace.add(call, key, argument, result);
        return result;
    }

    /** What to show of a counter when something is wrong. */
    final String last(String key) {
        return name + "/" + key + " after " + trace.of(key);
    }

    /** Mostly a small number; now and then one that does not fit 32 bits. */
    final long step() {
        int step = random.nextInt(2_000) - 500;
        return random.nextInt(16) == 0 ? (long) step << 24 : step;
    }
}
