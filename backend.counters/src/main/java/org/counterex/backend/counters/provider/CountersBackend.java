package org.counterex.backend.counters.provider;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.support.config.Settings;

/** Keeps a fixed number of counters for each namespace, made for many threads that add to the same ones. */
final class CountersBackend extends TableBackend {

    static final String TYPE = "counters";

    /** The capacity if none is given. */
    static final int CAPACITY = 1000;

    /** The highest capacity. */
    static final int MOST = 1_000_000_000;

    private final int capacity;
    private final boolean writeConcurrency;

    /**
     * @param capacity the counters that each namespace can hold, from 1 to {@link #MOST}
     * @param writeConcurrency whether a counter may spread over stripes; otherwise it is one number, and {@code inc} exact
     */
    CountersBackend(String name, int capacity, boolean writeConcurrency) {
        super(TYPE, name, OptionalLong.of(capacity));
        this.capacity = capacity;
        this.writeConcurrency = writeConcurrency;
    }

    /** @throws IllegalArgumentException a setting is invalid */
    static CountersBackend of(String name, Settings settings) {
        return new CountersBackend(
                name, (int) settings.number("capacity", CAPACITY, 1, MOST), settings.flag("writeConcurrency", true));
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
