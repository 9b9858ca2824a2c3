package org.counterex.backend.mvstore.provider.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Expected contents of a counter file: applies each change to itself and to the file. */
public final class ExpectedValues {

    private final CounterFile file;
    private final Map<String, Map<String, Long>> all = new HashMap<>();

    ExpectedValues(CounterFile file) {
        this.file = file;
    }

    void put(String namespace, String key, long value) {
        file.put(namespace, key, value);
        all.computeIfAbsent(namespace, absent -> new HashMap<>()).put(key, value);
    }

    void remove(String namespace, String key) {
        file.put(namespace, key, null);
        Map<String, Long> counters = all.getOrDefault(namespace, new HashMap<>());
        counters.remove(key);
        if (counters.isEmpty()) {
            all.remove(namespace);
        }
    }

    void drop(String namespace) {
        file.retain(namespace, key -> false);
        all.remove(namespace);
    }

    /** Adds the present contents of the file. */
    void load(Map<String, Map<String, Long>> values) {
        values.forEach((namespace, counters) -> all.put(namespace, new HashMap<>(counters)));
    }

    /** Returns the contents of the file after the next commit. */
    Map<String, Map<String, Long>> copy() {
        Map<String, Map<String, Long>> copy = new TreeMap<>();
        all.forEach((namespace, counters) -> copy.put(namespace, new TreeMap<>(counters)));
        return copy;
    }

    /** Writes all values to a new file. */
    void writeTo(Path path) throws IOException {
        CounterFile fresh = CounterFile.open(path);
        fresh.openForWriting();
        all.forEach((namespace, counters) -> counters.forEach((key, value) -> fresh.put(namespace, key, value)));
        fresh.commit();
        fresh.close();
    }

    /** Returns the contents of a file, read as the backend reads it. */
    public static Map<String, Map<String, Long>> in(Path path) throws IOException {
        CounterFile file = CounterFile.open(path);
        try {
            return in(file);
        } finally {
            file.close();
        }
    }

    static Map<String, Map<String, Long>> in(CounterFile file) throws IOException {
        Map<String, Map<String, Long>> values = new TreeMap<>();
        for (String namespace : file.namespaces()) {
            Map<String, Long> counters = new TreeMap<>();
            file.read(namespace, counters::put);
            values.put(namespace, counters);
        }
        return values;
    }
}
