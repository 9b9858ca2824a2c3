package org.counterex.backend.atomics.provider;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.support.config.Settings;

/** Keeps a fixed number of counters for each namespace, each exact, in flat arrays that are made at once. */
final class AtomicsBackend extends TableBackend {

    static final String TYPE = "atomics";

    /** The capacity if none is given. */
    static final int CAPACITY = 1000;

    /** The highest capacity: arrays hold about twice as many elements. */
    static final int MOST = 1_000_000_000;

    private final int capacity;
    private final boolean signed;

    /**
     * @param capacity the counters that each namespace can hold, from 1 to {@link #MOST}
     * @param signed whether values below 0 are held
     */
    AtomicsBackend(String name, int capacity, boolean signed) {
        super(TYPE, name, OptionalLong.of(capacity));
        this.capacity = capacity;
        this.signed = signed;
    }

    /** @throws IllegalArgumentException a setting is invalid */
    static AtomicsBackend of(String name, Settings settings) {
        return new AtomicsBackend(
                name, (int) settings.number("capacity", CAPACITY, 1, MOST), settings.flag("signed", true));
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
