package org.counterex.bench;

import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.api.backend.table.TableBackend;
import org.openjdk.jol.info.GraphLayout;

/**
 * Measures the memory of 1,000,000 counters, keys excluded; in a process of its own, since it walks the object graph.
 */
public final class Footprint {

    static final int COUNTERS = 1_000_000;

    private Footprint() {}

    /** @param args the file to write: bytes per counter by backend or map, as JSON */
    public static void main(String[] args) throws Exception {
        String[] names = new String[COUNTERS];
        for (int i = 0; i < COUNTERS; i++) {
            names[i] = "counter-" + i;
        }
        Map<String, Double> bytes = new TreeMap<>();
        Map<String, AtomicLong> map = new ConcurrentHashMap<>();
        for (String name : names) {
            map.put(name, new AtomicLong());
        }
        bytes.put("map", bytesEach(map));
        try (Bundles bundles = new Bundles(COUNTERS)) {
            for (String type : Bundles.BACKENDS) {
                CellTable table = ((TableBackend) bundles.backend(type)).create("footprint");
                for (String name : names) {
                    table.apply(name, new CellUpdate.Add(1, 0));
                }
                bytes.put(type, bytesEach(table));
            }
        }
        try (Writer file = Files.newBufferedWriter(Path.of(args[0]))) {
            Results.GSON.toJson(bytes, file);
        }
    }

    private static double bytesEach(Object root) {
        GraphLayout layout = GraphLayout.parseInstance(root);
        // Only keys and the name of the namespace have these classes.
        long keys = layout.getClassSizes().count(String.class)
                + layout.getClassSizes().count(byte[].class);
        return (double) (layout.totalSize() - keys) / COUNTERS;
    }
}
