package org.counterex.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.CounterNamespace;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Benchmark of one addition in one of 10,000 namespaces of 100 counters by reference, compared with a map for each. */
public class NamespacesBenchmark {

    private static final int KEYS = 100;

    /**
     * One more than 10,000, so that it has no factor in common with the number of keys: two cursors visit every
     * counter.
     */
    private static final int NAMESPACES = 10_001;

    private static final long SEED = 42;

    /** The running bundles, with namespaces on all backends in memory. */
    @State(Scope.Benchmark)
    public static class Many {

        private final String[] keys = new String[KEYS];
        private final Bundles bundles;
        private CounterNamespace[] ets;
        private CounterNamespace[] atomics;
        private Map<String, AtomicLong>[] maps;

        public Many() {
            try {
                bundles = new Bundles(KEYS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        /** Creates all counters. */
        @Setup(Level.Trial)
        @SuppressWarnings("unchecked") // there are no arrays of generic types
        public void fill() throws Exception {
            for (int i = 0; i < KEYS; i++) {
                keys[i] = "counter-" + i;
            }
            ets = namespaces("ets");
            atomics = namespaces("atomics");
            namespaces("counters");
            List<Map<String, AtomicLong>> filled = new ArrayList<>();
            for (int i = 0; i < NAMESPACES; i++) {
                Map<String, AtomicLong> map = new ConcurrentHashMap<>();
                for (String key : keys) {
                    map.put(key, new AtomicLong());
                }
                filled.add(map);
            }
            Collections.shuffle(filled, new Random(SEED));
            maps = filled.toArray(new Map[0]);
        }

        private CounterNamespace[] namespaces(String backend) throws Exception {
            bundles.registry().route(backend + ".*", "(counterex.backend=" + backend + ")");
            List<CounterNamespace> filled = new ArrayList<>();
            for (int i = 0; i < NAMESPACES; i++) {
                CounterNamespace namespace = bundles.counters().namespace(backend + "." + i);
                for (String key : keys) {
                    namespace.inc(key);
                    namespace.inc(key);
                }
                filled.add(namespace);
            }
            Collections.shuffle(filled, new Random(SEED));
            return filled.toArray(new CounterNamespace[0]);
        }

        /** Stops the bundles. */
        @TearDown(Level.Trial)
        public void stop() throws Exception {
            bundles.close();
        }
    }

    @Benchmark
    public long maps(Many use, Cursor namespace, KeyCursor key) {
        return namespace.next(use.maps).get(key.next(use.keys)).incrementAndGet();
    }

    @Benchmark
    public long ets(Many use, Cursor namespace, KeyCursor key) {
        return namespace.next(use.ets).inc(key.next(use.keys));
    }

    @Benchmark
    public long atomics(Many use, Cursor namespace, KeyCursor key) {
        return namespace.next(use.atomics).inc(key.next(use.keys));
    }

    /** Position in a second list. */
    @State(Scope.Thread)
    public static class KeyCursor extends Cursor {}
}
