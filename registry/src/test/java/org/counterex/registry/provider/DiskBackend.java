package org.counterex.registry.provider;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.backend.table.CellTable;

/** A table backend as one that has a file is seen by the registry: it notes what it is told, and its disk may be full. */
final class DiskBackend extends MapBackend {

    /** What the registry has told this backend, and others that share the list. */
    final List<String> events;

    private volatile boolean full;
    private volatile Runnable atRemoval = () -> {};

    DiskBackend() {
        this("disk", new CopyOnWriteArrayList<>());
    }

    DiskBackend(String name, List<String> events) {
        super(name);
        this.events = events;
    }

    /** From now on nothing can be flushed. */
    void fill() {
        full = true;
    }

    /** What is done after a counter was removed, before the call returns. */
    void atRemoval(Runnable action) {
        atRemoval = action;
    }

    /** Calls wait for the disk where they do not count on a cell by themselves. */
    @Override
    protected CellTable newTable(String namespace) {
        return new Dawdling(namespace) {
            @Override
            protected void onRemoved(String key) {
                atRemoval.run();
            }

            @Override
            public void awaitDurable() {
                events.add(info().name() + " confirms " + namespace);
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
        events.add(info().name() + " flushes " + namespace);
        write(namespace);
    }

    @Override
    protected void onDiscarded(CellTable table) {
        events.add(info().name() + " gives up " + table.namespace());
    }
}
