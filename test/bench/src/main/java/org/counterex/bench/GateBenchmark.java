package org.counterex.bench;

import java.util.Map;
import org.counterex.api.CounterNamespace;
import org.counterex.api.backend.CounterBackend;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Benchmark of one addition in a backend without tables: directly, and through the registry. */
public class GateBenchmark {

    private static final int KEYS = 1024;

    /** The running bundles with a backend without tables, and a second instance of it outside the framework. */
    @State(Scope.Benchmark)
    public static class Plain {

        private final CounterBackend direct = new MapBackend();
        private final String[] names = new String[KEYS];
        private CounterNamespace gated;
        private Bundles bundles;

        /** Starts the bundles. */
        @Setup(Level.Trial)
        public void start() throws Exception {
            bundles = new Bundles(KEYS);
            bundles.register(CounterBackend.class, new MapBackend(), Map.of(CounterBackend.TYPE, MapBackend.TYPE));
            bundles.registry().swap("plain", MapBackend.TYPE);
            gated = bundles.counters().namespace("plain");
            for (int i = 0; i < KEYS; i++) {
                names[i] = "counter-" + i;
                direct.inc("plain", names[i], 1, 0);
                gated.inc(names[i]);
            }
        }

        /** Stops the bundles. */
        @TearDown(Level.Trial)
        public void stop() throws Exception {
            bundles.close();
        }
    }

    @Benchmark
    public long direct(Plain use, Cursor cursor) {
        return use.direct.inc("plain", cursor.next(use.names), 1, 0);
    }

    @Benchmark
    public long gated(Plain use, Cursor cursor) {
        return use.gated.inc(cursor.next(use.names));
    }
}
