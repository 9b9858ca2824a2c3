package org.counterex.registry.provider;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.backend.table.CellTable;

/**
 * Table backend that behaves like one with a file: records the calls that concern the disk, and can simulate a full
 * one.
 */
final class DiskBackend extends MapBackend {

    /** The recorded calls, of this backend and of others that share the list. */
    final List<String> events;

    private volatile boolean full;
    private volatile Runnable onRemoval = () -> {};

    DiskBackend() {
        this("disk", new CopyOnWriteArrayList<>());
    }

    DiskBackend(String name, List<String> events) {
        super(name);
        this.events = events;
    }

    /** Makes every later write fail. */
    void fillDisk() {
        full = true;
    }

    /** Sets an action to run when a counter was removed, before the call returns. */
    void onRemoval(Runnable action) {
        onRemoval = action;
    }

    @Override
    protected CellTable newTable(String namespace) {
        return new SlowTable(namespace) {
            @Override
            protected void onRemoved(String key) {
                onRemoval.run();
            }

            @Override
            public void awaitDurable() {
                events.add(info().name() + " awaitDurable " + namespace);
                write(namespace);
            }
        };
    }

    private void write(String namespace) {
        if (full) {
            throw BackendUnavailableException.outcomeUnknown("disk is full", namespace);
        }
    }

    @Override
    public void flush(String namespace) {
        events.add(info().name() + " flush " + namespace);
        write(namespace);
    }

    @Override
    protected void onDiscarded(CellTable table) {
        events.add(info().name() + " discard " + table.namespace());
    }
}
