package org.counterex.backend.mvstore.provider.journal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** The open tables of a {@link Journal} by namespace. Thread-safe. */
final class TableRegister {

    private final Map<String, List<StoredTable>> tables = new ConcurrentHashMap<>();
    private final AtomicLong lastNumber = new AtomicLong();

    /** Returns a number for a new table, higher than that of each older one. */
    long nextNumber() {
        return lastNumber.incrementAndGet();
    }

    void add(StoredTable table) {
        tables.compute(table.namespace(), (name, present) -> {
            List<StoredTable> all = present == null ? new CopyOnWriteArrayList<>() : present;
            all.add(table);
            return all;
        });
    }

    void remove(StoredTable table) {
        tables.getOrDefault(table.namespace(), new CopyOnWriteArrayList<>()).remove(table);
    }

    /** Returns the open tables of a namespace, a live view, and removes its entry if there are none. */
    List<StoredTable> prune(String namespace) {
        tables.computeIfPresent(namespace, (name, present) -> present.isEmpty() ? null : present);
        return tables.getOrDefault(namespace, List.of());
    }

    /** Returns whether a newer table of the namespace contains a counter. */
    boolean isInNewer(StoredTable table, String key) {
        return tables.getOrDefault(table.namespace(), List.of()).stream()
                .anyMatch(other -> other.number() > table.number() && other.contains(key));
    }
}
