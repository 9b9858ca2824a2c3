package org.counterex.api.backend;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What a backend is and holds.
 *
 * @param type the type of the backend, as in {@link CounterBackend#TYPE}
 * @param name the name of the instance, as in {@link CounterBackend#NAME}
 * @param namespaces the number of counters in each namespace that has any
 * @param capacity the counters that each namespace can hold; empty if there is no bound
 * @param details whatever else is worth knowing, in the words of the backend
 */
public record BackendInfo(
        String type, String name, Map<String, Long> namespaces, OptionalLong capacity, Map<String, String> details) {

    /** Keeps unmodifiable copies of the maps. */
    public BackendInfo {
        namespaces = Map.copyOf(namespaces);
        details = Map.copyOf(details);
    }
}
