package org.counterex.registry.provider;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.TableBackend;

/** Table backend that fails to create tables. */
final class BrokenBackend extends TableBackend {

    private final Throwable failure;

    BrokenBackend(Throwable failure) {
        super("broken", "broken", OptionalLong.empty());
        this.failure = failure;
    }

    @Override
    protected CellTable newTable(String namespace) {
        if (failure instanceof Error e) {
            throw e;
        }
        throw (RuntimeException) failure;
    }

    @Override
    protected Map<String, String> details() {
        return Map.of();
    }
}
