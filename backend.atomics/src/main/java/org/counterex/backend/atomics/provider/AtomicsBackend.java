package org.counterex.backend.atomics.provider;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.support.config.Settings;

/** Backend with a fixed number of exact counters for each namespace, in flat arrays that are allocated at once. */
final class AtomicsBackend extends TableBackend {

    static final String TYPE = "atomics";

    /** The default number of counters of a namespace. */
    static final int DEFAULT_CAPACITY = 1000;

    /** The highest capacity: the arrays have twice as many elements, close to the longest that a JVM supports. */
    static final int MAX_CAPACITY = 1_000_000_000;

    private final int capacity;
    private final boolean signed;

    /**
     * @param capacity the number of counters that each namespace can hold, from 1 to {@link #MAX_CAPACITY}
     * @param signed whether values may be negative
     */
    AtomicsBackend(String name, int capacity, boolean signed) {
        super(TYPE, name, OptionalLong.of(capacity));
        this.capacity = capacity;
        this.signed = signed;
    }

    /**
     * Creates the backend that settings describe.
     *
     * @throws IllegalArgumentException a setting is invalid
     */
    static AtomicsBackend of(String name, Settings settings) {
        return new AtomicsBackend(
                name,
                (int) settings.number("capacity", DEFAULT_CAPACITY, 1, MAX_CAPACITY),
                settings.flag("signed", true));
    }

    @Override
    protected CellTable newTable(String namespace) {
        return new AtomicsTable(namespace, capacity, signed);
    }

    @Override
    protected Map<String, String> details() {
        return Map.of("signed", Boolean.toString(signed));
    }
}
