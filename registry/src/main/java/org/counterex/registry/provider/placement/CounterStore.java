package org.counterex.registry.provider.placement;

import java.util.OptionalLong;
import java.util.function.Consumer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.registry.provider.backend.AbandonableLock;
import org.counterex.registry.provider.backend.BackendHandle;

/**
 * A place where counters of one namespace are. Everything here but {@link #keys} and {@link #size} is for the holder of the
 * stripe of the key.
 */
public abstract sealed class CounterStore permits TableStore, DelegatingStore, DetachedStore, UnplacedStore {

    /** The name in records of the registry's own table. */
    public static final String PARKING = "parking";

    /** The backend that this place belongs to; null if it is the registry's own. */
    public abstract BackendHandle backend();

    /** Whether what is here stays with the backend when that leaves. */
    public final boolean retainsValues() {
        return backend() != null && backend().retainsValues();
    }

    /** What this place is called in records. */
    public String label() {
        return backend() == null ? PARKING : backend().label();
    }

    /**
     * Takes a step on a counter, creating it if the step does so.
     *
     * @param told whether the caller wants to know the value
     * @return the value after it, 0 if nobody wants it; {@link Cell#SEALED} if nothing was done and a new table is needed
     */
    public abstract long apply(AbandonableLock stripe, String key, CellUpdate step, boolean told);

    public abstract OptionalLong get(AbandonableLock stripe, String key);

    /** Whether a step would have to create the counter. */
    public boolean isAbsent(AbandonableLock stripe, String key) {
        return get(stripe, key).isEmpty();
    }

    public abstract OptionalLong remove(AbandonableLock stripe, String key);

    /**
     * Takes a counter over if it is handed over as a whole cell: a table that has no part of it yet. What can fail, fails
     * before the cell is sealed.
     *
     * @return the value, or {@link Cell#SEALED} if nothing was done and the value has to be {@link #merge merged}
     */
    long insert(String key, Cell from) {
        return Cell.SEALED;
    }

    /**
     * Adds a value that was taken elsewhere.
     *
     * @throws RuntimeException it was not added
     */
    public abstract void merge(AbandonableLock stripe, String key, long value);

    /**
     * Hands a counter over to another place, if it is here.
     *
     * @return the value, or {@link Cell#SEALED} if it is not here
     * @throws RuntimeException it could not be handed over and is still here
     */
    public abstract long transfer(AbandonableLock stripe, String key, CounterStore to);

    /** Where what has been done becomes safe only later, waits for that; for who holds no lock, so that many wait at once. */
    public void awaitDurable() {}

    /** Shows every key that is present throughout the call. */
    public abstract void keys(Consumer<String> action);

    /** The number of counters. */
    public abstract long size();

    /** Whether no counter is here. */
    public boolean isEmpty() {
        return size() == 0;
    }
}
