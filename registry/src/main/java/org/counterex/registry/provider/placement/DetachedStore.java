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
 * Store of a namespace whose values are out of reach: they are retained by a backend that has left, or have been parked
 * for longer than is allowed. It collects additions to retained values, to be merged when the backend returns, or holds
 * the parked counters. Every other operation is rejected.
 */
public final class DetachedStore extends CounterStore {

    private final String namespace;

    /** Label of the backend that retains the values; null for counters parked for too long. */
    private final String retainingBackend;

    private final TableStore held;

    /** While a retaining backend with tables leaves: its store that callers cannot reach; null otherwise. */
    private volatile TableStore retentionStore;

    /**
     * @param retainingBackend the label of the backend; null for counters parked for too long
     * @param held where additions are collected, or the parked counters are
     */
    public DetachedStore(String namespace, String retainingBackend, TableStore held) {
        this(namespace, retainingBackend, held, null);
    }

    /** @param retentionStore receives the counters of the leaving backend; null if its values are not in tables */
    public DetachedStore(String namespace, String retainingBackend, TableStore held, TableStore retentionStore) {
        this.namespace = namespace;
        this.retainingBackend = retainingBackend;
        this.held = held;
        this.retentionStore = retentionStore;
    }

    /** Returns the label of the backend that retains the values; null for counters parked for too long. */
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
    public long apply(AbandonableLock lock, String key, CellUpdate update, boolean wantsResult) {
        if (retainingBackend == null || wantsResult || !(update instanceof CellUpdate.Add)) {
            throw refusal();
        }
        return held.apply(lock, key, update, false);
    }

    @Override
    public OptionalLong get(AbandonableLock lock, String key) {
        throw refusal();
    }

    @Override
    public boolean isAbsent(AbandonableLock lock, String key) {
        return held.isAbsent(lock, key);
    }

    @Override
    public OptionalLong remove(AbandonableLock lock, String key) {
        throw refusal();
    }

    /** Returns where a counter of a source goes: to the retention store if the source belongs to the same backend. */
    CounterStore targetFor(TableStore source) {
        TableStore retention = retentionStore;
        return retention != null && retention.backend() == source.backend() ? retention : this;
    }

    @Override
    public void releaseReservation() {
        held.releaseReservation();
    }

    /** Drops the reference to the retention store, after the backend has left. */
    public void releaseRetentionStore() {
        retentionStore = null;
    }

    /** Returns the store of the collected additions or parked counters. */
    public TableStore held() {
        return held;
    }

    /** Returns the exception with which operations are rejected. */
    public RuntimeException refusal() {
        return retainingBackend == null
                ? new NoBackendException("parking limit exceeded, counters are retained", namespace)
                : BackendUnavailableException.notApplied(
                        "backend " + retainingBackend + " retains the values and has left", namespace);
    }

    @Override
    public long insert(String key, Cell from) {
        return held.insert(key, from);
    }

    @Override
    public void merge(AbandonableLock lock, String key, long value) {
        held.merge(lock, key, value);
    }

    @Override
    public long transfer(AbandonableLock lock, String key, CounterStore target) {
        return held.transfer(lock, key, target);
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
