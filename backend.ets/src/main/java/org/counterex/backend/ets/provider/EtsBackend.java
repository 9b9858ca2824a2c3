package org.counterex.backend.ets.provider;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.table.HashTable;

/** Backend with any number of exact counters, in one growing table for each namespace. */
final class EtsBackend extends TableBackend {

    static final String TYPE = "ets";

    EtsBackend(String name) {
        super(TYPE, name, OptionalLong.empty());
    }

    @Override
    protected CellTable newTable(String namespace) {
        return new HashTable(namespace);
    }

    @Override
    protected Map<String, String> details() {
        return Map.of();
    }
}
