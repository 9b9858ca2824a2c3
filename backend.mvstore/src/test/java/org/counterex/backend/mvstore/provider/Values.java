package org.counterex.backend.mvstore.provider;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a file of counters is to hold: every change is made here and in the file. */
final class Values {

    private final CounterFile file;
    private final Map<String, Map<String, Long>> all = new HashMap<>();

    Values(CounterFile file) {
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

    /** Takes over what is in the file already. */
    void take(Map<String, Map<String, Long>> values) {
        values.forEach((namespace, counters) -> all.put(namespace, new HashMap<>(counters)));
    }

    /** What is in the file after the next commit. */
    Map<String, Map<String, Long>> copy() {
        Map<String, Map<String, Long>> copy = new TreeMap<>();
        all.forEach((namespace, counters) -> copy.put(namespace, new TreeMap<>(counters)));
        return copy;
    }

    /** Writes all of it into a new file. */
    void writeTo(Path path) throws IOException {
        CounterFile fresh = CounterFile.open(path);
        fresh.begin();
        all.forEach((namespace, counters) -> counters.forEach((key, value) -> fresh.put(namespace, key, value)));
        fresh.commit();
        fresh.close();
    }

    /** What is in a file, read as the backend reads it. */
    static Map<String, Map<String, Long>> in(Path path) throws IOException {
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
