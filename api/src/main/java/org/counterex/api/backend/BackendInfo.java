package org.counterex.api.backend;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Description of a backend: its type and name, the number of counters it holds, its capacity and details for people.
 * Immutable.
 *
 * <p>Created by {@link #of} and extended by the {@code with} methods, each of which returns a copy. Later minor
 * versions may add properties; a backend built against an earlier one leaves them at their defaults.
 *
 * <pre>{@code
 * return BackendInfo.of("map", "map", sizes).withCapacity(10_000);
 * }</pre>
 */
public final class BackendInfo {

    private final String type;
    private final String name;
    private final Map<String, Long> namespaces;
    private final OptionalLong capacity;
    private final Map<String, String> details;

    private BackendInfo(
            String type,
            String name,
            Map<String, Long> namespaces,
            OptionalLong capacity,
            Map<String, String> details) {
        this.type = Objects.requireNonNull(type, "type");
        this.name = Objects.requireNonNull(name, "name");
        this.namespaces = Map.copyOf(namespaces);
        this.capacity = capacity;
        this.details = Map.copyOf(details);
    }

    /**
     * Returns the description of an unbounded backend without details.
     *
     * @param type the type of the backend, as in {@link CounterBackend#TYPE}
     * @param name the name of the instance, as in {@link CounterBackend#NAME}
     * @param namespaces the number of counters in each namespace that has any; copied
     */
    public static BackendInfo of(String type, String name, Map<String, Long> namespaces) {
        return new BackendInfo(type, name, namespaces, OptionalLong.empty(), Map.of());
    }

    /** Returns a copy with a capacity: the number of counters that each namespace can hold. */
    public BackendInfo withCapacity(long counters) {
        return new BackendInfo(type, name, namespaces, OptionalLong.of(counters), details);
    }

    /** Returns a copy with these details in place of the present ones: whatever else is worth showing, by name. */
    public BackendInfo withDetails(Map<String, String> newDetails) {
        return new BackendInfo(type, name, namespaces, capacity, newDetails);
    }

    /** Returns the type of the backend. */
    public String type() {
        return type;
    }

    /** Returns the name of the instance. */
    public String name() {
        return name;
    }

    /** Returns the number of counters in each namespace that has any; unmodifiable. */
    public Map<String, Long> namespaces() {
        return namespaces;
    }

    /** Returns the number of counters that each namespace can hold; empty if it is unbounded. */
    public OptionalLong capacity() {
        return capacity;
    }

    /** Returns what else the backend reports about itself, by name; unmodifiable. */
    public Map<String, String> details() {
        return details;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BackendInfo info
                && type.equals(info.type)
                && name.equals(info.name)
                && namespaces.equals(info.namespaces)
                && capacity.equals(info.capacity)
                && details.equals(info.details);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, name, namespaces, capacity, details);
    }

    @Override
    public String toString() {
        return "BackendInfo[type=" + type + ", name=" + name + ", namespaces=" + namespaces + ", capacity=" + capacity
                + ", details=" + details + "]";
    }
}
