package org.counterex.bench;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.api.backend.table.TrackedCell;
import org.counterex.table.HashTable;

/** Backend whose cells notify a listener of changes, which reads the value, as in a backend that writes to a file. */
final class TrackedBackend extends TableBackend {

    TrackedBackend() {
        super("tracked", "tracked", OptionalLong.empty());
    }

    @Override
    protected CellTable newTable(String namespace) {
        return new HashTable(namespace) {
            @Override
            protected KeyedCell newCell(String key) {
                return new TrackedCell(key);
            }

            @Override
            protected long link(String key, Cell from) {
                long value = super.link(key, from);
                if (find(key) instanceof TrackedCell cell) {
                    watch(cell);
                }
                return value;
            }
        };
    }

    private static void watch(TrackedCell cell) {
        cell.readAndTrack(changed -> {
            Fixture.pause();
            changed.get();
        });
    }

    @Override
    protected Map<String, String> details() {
        return Map.of();
    }
}
