package org.counterex.backend.counters.provider;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.support.config.Settings;

/** Backend with a fixed number of counters for each namespace, for many threads that add to the same counters. */
final class CountersBackend extends TableBackend {

    static final String TYPE = "counters";

    /** The default number of counters of a namespace. */
    static final int DEFAULT_CAPACITY = 1000;

    /** The highest capacity. */
    static final int MAX_CAPACITY = 1_000_000_000;

    private final int capacity;
    private final boolean writeConcurrency;

    /**
     * @param capacity the number of counters that each namespace can hold, from 1 to {@link #MAX_CAPACITY}
     * @param writeConcurrency whether a counter may be spread over stripes; otherwise it is a single number and {@code
     *     inc} is exact
     */
    CountersBackend(String name, int capacity, boolean writeConcurrency) {
        super(TYPE, name, OptionalLong.of(capacity));
        this.capacity = capacity;
        this.writeConcurrency = writeConcurrency;
    }

    /**
     * Creates the backend that settings describe.
     *
     * @throws IllegalArgumentException a setting is invalid
     */
    static CountersBackend of(String name, Settings settings) {
        return new CountersBackend(
                name,
                (int) settings.number("capacity", DEFAULT_CAPACITY, 1, MAX_CAPACITY),
                settings.flag("writeConcurrency", true));
    }

    @Override
    protected CellTable newTable(String namespace) {
        return new CountersTable(namespace, capacity, writeConcurrency);
    }

    @Override
    protected Map<String, String> details() {
        return Map.of("writeConcurrency", Boolean.toString(writeConcurrency));
    }
}
