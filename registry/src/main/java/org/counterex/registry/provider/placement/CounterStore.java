package org.counterex.registry.provider.placement;

import java.util.OptionalLong;
import java.util.function.Consumer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.registry.provider.backend.AbandonableLock;
import org.counterex.registry.provider.backend.BackendHandle;

/**
 * Store of the counters of one namespace. Methods that take a lock require that the caller holds the key lock of the
 * key.
 */
public abstract sealed class CounterStore permits TableStore, DelegatingStore, DetachedStore, UnplacedStore {

    /** Label of the registry's own table in records of moves. */
    public static final String PARKING = "parking";

    /** Returns the backend that the store belongs to; null if it is the registry's own. */
    public abstract BackendHandle backend();

    /** Returns whether the counters stay with the backend when it leaves. */
    public final boolean retainsValues() {
        return backend() != null && backend().retainsValues();
    }

    /** Returns the name of the store in records and messages. */
    public String label() {
        return backend() == null ? PARKING : backend().label();
    }

    /**
     * Applies an update to a counter, creating the counter if the update does so.
     *
     * @param wantsResult whether the caller uses the result
     * @return the value after the update, 0 if the caller does not want it; {@link Cell#SEALED} if nothing was done and
     *     a new table is required
     */
    public abstract long apply(AbandonableLock lock, String key, CellUpdate update, boolean wantsResult);

    /** Returns the value of a counter, or empty if it is absent. */
    public abstract OptionalLong get(AbandonableLock lock, String key);

    /** Returns whether an update would have to create the counter. */
    public boolean isAbsent(AbandonableLock lock, String key) {
        return get(lock, key).isEmpty();
    }

    /** Removes a counter and returns its final value, or empty if it was absent. */
    public abstract OptionalLong remove(AbandonableLock lock, String key);

    /**
     * Takes over a counter as a whole cell, if this is a table without a part of that counter. Everything that can fail
     * is done before the cell is sealed.
     *
     * @return the final value of the cell, or {@link Cell#SEALED} if nothing was done and the value has to be
     *     {@linkplain #merge merged}
     */
    public long insert(String key, Cell from) {
        return Cell.SEALED;
    }

    /**
     * Adds a value that was removed from another store.
     *
     * @throws RuntimeException the value was not added
     */
    public abstract void merge(AbandonableLock lock, String key, long value);

    /**
     * Transfers a counter to another store.
     *
     * @return the value, or {@link Cell#SEALED} if the counter is not in this store
     * @throws RuntimeException the counter was not transferred and is still in this store
     */
    public abstract long transfer(AbandonableLock lock, String key, CounterStore target);

    /**
     * Waits until previous operations are durable, in a store where that comes later. Called without locks, so that
     * many wait at once.
     */
    public void awaitDurable() {}

    /** Passes on every key that is present throughout the call, and possibly others. */
    public abstract void keys(Consumer<String> action);

    /** Returns the number of counters, possibly an estimate. */
    public abstract long size();

    /** Returns whether no counter is left in this store. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** Called after this store was published as the active one. */
    public void activate() {}

    /** Called after the last counter has left this store, which is not used again. */
    public void discard() {}

    /** Called if this store was not published after all. */
    public void discardUnused() {}

    /** Releases the room that was reserved for a move and has not been used. */
    public void releaseReservation() {}
}
