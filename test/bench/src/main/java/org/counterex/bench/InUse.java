package org.counterex.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.counterex.api.Counter;
import org.counterex.api.CounterListener;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The running bundles, with the same keys in a namespace on each of the backends in memory, and some of them on the one
 * with a file. The set-up counts on all of them by every kind of call before anything is measured, so that call sites
 * see the kinds of tables and cells that they see in use. Benchmarks of other libraries have this state too, so that
 * they run in a VM with the same classes loaded.
 */
@State(Scope.Benchmark)
public class InUse {

    private static final int WARM_UP = 300_000;
    private static final int FEW = 1024;
    private static final long SEED = 42;

    @Param("1024")
    public int keys;

    private Bundles bundles;

    /** The names of the counters, in order of creation. */
    public String[] names;

    /** The same in random order, so that consecutive accesses are not neighbours in memory. */
    public String[] shuffled;

    public Counters counters;
    public CounterNamespace ets;
    public CounterNamespace atomics;
    public CounterNamespace striped;
    public Counter etsHandle;
    public Counter atomicsHandle;
    public Counter stripedHandle;

    /** Starts the bundles and warms up all backends. */
    @Setup(Level.Trial)
    public void start() throws Exception {
        bundles = new Bundles(2 * keys);
        counters = bundles.counters();
        names = new String[keys];
        for (int i = 0; i < keys; i++) {
            names[i] = "counter-" + i;
        }
        List<String> order = new ArrayList<>(List.of(names));
        Collections.shuffle(order, new Random(SEED));
        shuffled = order.toArray(new String[0]);
        ets = inUse("ets", keys);
        atomics = inUse("atomics", keys);
        striped = inUse("counters", keys);
        // A few suffice for call sites to see its kind of cell; a million would be written during the whole run.
        inUse(Bundles.STORED, Math.min(keys, FEW));
        etsHandle = ets.counter(names[0]);
        atomicsHandle = atomics.counter(names[0]);
        stripedHandle = striped.counter(names[0]);
    }

    private CounterNamespace inUse(String backend, int size) throws InterruptedException {
        bundles.registry().swap(backend, backend);
        CounterNamespace namespace = counters.namespace(backend);
        for (int i = 0; i < size; i++) {
            namespace.inc(names[i]);
        }
        Counter handle = namespace.counter(names[0]);
        for (int i = 0; i < WARM_UP; i++) {
            String name = size == keys ? shuffled[i % keys] : names[i % size];
            namespace.inc(name);
            namespace.add(name, 1);
            counters.namespace(backend).inc(name);
            handle.inc();
            handle.add(1);
        }
        return namespace;
    }

    /** Registers a listener, which remains until the bundles stop. */
    void listen(CounterListener listener, Map<String, ?> properties) {
        bundles.register(CounterListener.class, listener, properties);
    }

    /** Stops the bundles. */
    @TearDown(Level.Trial)
    public void stop() throws Exception {
        bundles.close();
    }
}
