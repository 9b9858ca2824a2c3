package org.counterex.registry.provider.placement;

import org.counterex.api.backend.table.CellTable;
import org.counterex.registry.provider.backend.BackendHandle;

/** Factory of the stores of namespaces. Stateless: a store belongs to the namespace for which it was made. */
public final class StoreFactory {

    /** Thrown if a backend fails to create a table, and so cannot host the namespace. */
    public static final class TableCreationException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TableCreationException(BackendHandle backend, Throwable cause) {
            super("backend " + backend + " could not create a table (" + cause + ")", cause);
        }
    }

    private StoreFactory() {}

    /**
     * Returns a store in a backend: the one that the placement has already, if the backend is without tables; the table
     * that the backend has brought; or else a new one.
     *
     * @throws TableCreationException the backend failed to create a table
     */
    public static CounterStore in(BackendHandle backend, String namespace, Placement placement) {
        for (CounterStore store : placement.stores().toList()) {
            if (store instanceof DelegatingStore && store.backend() == backend) {
                return store;
            }
        }
        if (backend.tables() == null) {
            return DelegatingStore.of(backend, namespace);
        }
        try {
            CellTable restored = backend.restored(namespace);
            return restored != null
                    ? new TableStore(backend, restored, true)
                    : new TableStore(backend, backend.tables().create(namespace));
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            throw new TableCreationException(backend, e);
        }
    }

    /** Returns an empty table of the registry's own. */
    public static TableStore parking(String namespace) {
        return new TableStore(null, new ParkingTable(namespace));
    }

    /**
     * Returns a new table in a retaining backend for the counters that stay with it when it leaves. Being another
     * table, it makes the transfer seal every cell that callers might still hold, so that no count comes after the last
     * one that is written.
     */
    public static TableStore retention(BackendHandle backend, String namespace, Placement placement) {
        TableStore retention = new TableStore(backend, backend.tables().create(namespace));
        long counters = placement
                .stores()
                .filter(store -> store.backend() == backend)
                .mapToLong(CounterStore::size)
                .sum();
        retention.reserve(counters);
        retention.presize(counters);
        return retention;
    }
}
