package org.counterex.registry.provider.placement;

import java.util.OptionalLong;
import java.util.function.Consumer;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.NoBackendException;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.registry.provider.backend.AbandonableLock;
import org.counterex.registry.provider.backend.BackendHandle;

/**
 * Where a namespace is while its values are out of reach: with a backend that keeps them and has left, or parked for
 * longer than is allowed. What it holds itself are additions to come, or the parked values. Callers may add to what a
 * backend keeps; all else is refused.
 */
public final class DetachedStore extends CounterStore {

    private final String namespace;

    /** The label of the backend that keeps the values; null for parked values whose time has run out. */
    private final String retainingBackend;

    private final TableStore held;

    /** While a keeper with tables leaves: where it goes on keeping the values, out of the reach of callers; otherwise null. */
    private volatile TableStore retentionStore;

    public DetachedStore(String namespace, String keeper, TableStore held) {
        this(namespace, keeper, held, null);
    }

    public DetachedStore(String namespace, String keeper, TableStore held, TableStore kept) {
        this.namespace = namespace;
        this.retainingBackend = keeper;
        this.held = held;
        this.retentionStore = kept;
    }

    public String retainingBackend() {
        return retainingBackend;
    }

    @Override
    public BackendHandle backend() {
        return null;
    }

    @Override
    public String label() {
        return retainingBackend == null ? PARKING : retainingBackend + " (detached)";
    }

    @Override
    public long apply(AbandonableLock stripe, String key, CellUpdate step, boolean told) {
        if (retainingBackend == null || told || !(step instanceof CellUpdate.Add)) {
            throw refusal();
        }
        return held.apply(stripe, key, step, false);
    }

    @Override
    public OptionalLong get(AbandonableLock stripe, String key) {
        throw refusal();
    }

    @Override
    public boolean isAbsent(AbandonableLock stripe, String key) {
        return held.isAbsent(stripe, key);
    }

    @Override
    public OptionalLong remove(AbandonableLock stripe, String key) {
        throw refusal();
    }

    /** Where a counter of a home goes that leaves: to where its backend keeps it, if it is that backend's. */
    CounterStore targetFor(TableStore source) {
        TableStore place = retentionStore;
        return place != null && place.backend() == source.backend() ? place : this;
    }

    public void releaseReservation() {
        held.releaseReservation();
    }

    /** When the keeper has left: nothing refers to it any more. */
    public void releaseRetentionStore() {
        retentionStore = null;
    }

    /** Takes what is held here out, when the registry stops. */
    public TableStore held() {
        return held;
    }

    public RuntimeException refusal() {
        return retainingBackend == null
                ? new NoBackendException("no backend has come in time, the counts are kept", namespace)
                : BackendUnavailableException.notApplied(
                        "backend " + retainingBackend + " keeps the values and has left", namespace);
    }

    @Override
    long insert(String key, Cell from) {
        return held.insert(key, from);
    }

    @Override
    public void merge(AbandonableLock stripe, String key, long value) {
        held.merge(stripe, key, value);
    }

    @Override
    public long transfer(AbandonableLock stripe, String key, CounterStore to) {
        return held.transfer(stripe, key, to);
    }

    @Override
    public void keys(Consumer<String> action) {
        held.keys(action);
    }

    @Override
    public long size() {
        return held.size();
    }
}
