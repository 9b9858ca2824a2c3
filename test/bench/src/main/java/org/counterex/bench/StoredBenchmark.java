package org.counterex.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.counterex.api.CounterNamespace;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Benchmark of one addition to one of 10,000 counters stored in a file. All of them change between two flushes, of
 * which there are ten per second. Compared with the same in memory, and with a map of the store itself.
 */
public class StoredBenchmark {

    private static final int KEYS = 10_000;

    /** After this many flushes the code that writes has been compiled. */
    private static final int FLUSHES = 40;

    /** The running bundles, with all counters on each backend. */
    @State(Scope.Benchmark)
    public static class Many {

        private final String[] keys = new String[KEYS];
        private Bundles bundles;
        private CounterNamespace ets;
        private CounterNamespace atomics;
        private CounterNamespace striped;
        private CounterNamespace stored;

        /** Creates the counters, and counts on all of them until the code that writes has been compiled. */
        @Setup(Level.Trial)
        public void fill() throws Exception {
            bundles = new Bundles(2 * KEYS);
            for (int i = 0; i < KEYS; i++) {
                keys[i] = "many-" + (i * 7919 % KEYS); // scattered in memory
            }
            ets = on("ets");
            atomics = on("atomics");
            striped = on("counters");
            stored = on(Bundles.STORED);
            long last = flushes() + FLUSHES;
            while (flushes() < last) {
                for (CounterNamespace namespace : List.of(ets, atomics, striped, stored)) {
                    for (String key : keys) {
                        namespace.inc(key);
                        namespace.add(key, 1);
                    }
                }
            }
        }

        private CounterNamespace on(String backend) throws InterruptedException {
            bundles.registry().swap(backend, backend);
            return bundles.counters().namespace(backend);
        }

        private long flushes() {
            return Long.parseLong(bundles.details().get("flushes"));
        }

        /** Stops the bundles. */
        @TearDown(Level.Trial)
        public void stop() throws Exception {
            bundles.close();
        }
    }

    /** Baseline: a map of the store with its own automatic commits. */
    @State(Scope.Benchmark)
    public static class Raw {

        private Path file;
        private MVStore store;
        private MVMap<String, Long> map;

        /** Opens a store in a new file. */
        @Setup(Level.Trial)
        public void open(Many many) throws IOException {
            file = Files.createTempFile("counterex", ".mv");
            Files.delete(file);
            store = MVStore.open(file.toString());
            map = store.openMap("counters");
            for (String key : many.keys) {
                map.put(key, 1L);
            }
        }

        /** Closes the store and deletes the file. */
        @TearDown(Level.Trial)
        public void close() throws IOException {
            store.close();
            Files.delete(file);
        }
    }

    @Benchmark
    public long mvstore(Many use, Cursor cursor) {
        return use.stored.inc(cursor.next(use.keys));
    }

    @Benchmark
    public long ets(Many use, Cursor cursor) {
        return use.ets.inc(cursor.next(use.keys));
    }

    @Benchmark
    public long atomics(Many use, Cursor cursor) {
        return use.atomics.inc(cursor.next(use.keys));
    }

    @Benchmark
    public void countersAdd(Many use, Cursor cursor) {
        use.striped.add(cursor.next(use.keys), 1);
    }

    /** For one thread only: reading and putting back is not atomic. */
    @Benchmark
    public long rawMvstore(Many use, Raw raw, Cursor cursor) {
        String key = cursor.next(use.keys);
        long value = raw.map.get(key) + 1;
        raw.map.put(key, value);
        return value;
    }
}
