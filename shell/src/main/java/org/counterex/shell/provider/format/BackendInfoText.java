package org.counterex.shell.provider.format;

import java.util.SortedMap;
import java.util.TreeMap;
import org.counterex.api.CounterNames;
import org.counterex.api.admin.BackendDTO;

/**
 * Description of a backend and its contents as a paragraph of text. A detail with a key like {@code free.words}, where
 * {@code words} is a namespace of the backend, is shown with that namespace.
 */
public final class BackendInfoText {

    private BackendInfoText() {}

    public static String of(BackendDTO backend) {
        SortedMap<String, String> details = new TreeMap<>();
        SortedMap<String, String> namespaces = new TreeMap<>();
        backend.namespaces.forEach((namespace, counters) -> namespaces.put(namespace, Counts.phrase(counters)));
        new TreeMap<>(backend.details).forEach((key, value) -> {
            String[] parts = key.split("\\.", 2);
            if (parts.length == 2 && namespaces.containsKey(parts[1])) {
                namespaces.merge(parts[1], ", " + parts[0] + " " + value, String::concat);
            } else {
                details.put(key, value);
            }
        });
        TextTable table = new TextTable()
                .row(CounterNames.backendLabel(backend.type, backend.name))
                .row("  type", backend.type)
                .row("  bundle", backend.bundle)
                .row("  retention", backend.retention)
                .row("  counters", Long.toString(counters(backend)))
                .row("  namespaces", Integer.toString(namespaces.size()))
                .row("  capacity", backend.capacity == null ? "unbounded" : backend.capacity + " in each namespace");
        details.forEach((key, value) -> table.row("  " + key, value));
        namespaces.forEach((namespace, use) -> table.row("  in " + namespace, use));
        return table.toString();
    }

    /** Returns the number of counters in all namespaces. */
    static long counters(BackendDTO backend) {
        return backend.namespaces.values().stream().mapToLong(Long::longValue).sum();
    }
}
