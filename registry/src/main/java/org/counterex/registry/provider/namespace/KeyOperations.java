package org.counterex.registry.provider.namespace;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CasResult;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellLookup;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.registry.provider.backend.AbandonableLock;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.OngoingMove;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.SharedStore;
import org.counterex.registry.provider.placement.TableStore;
import org.counterex.registry.provider.placement.UnplacedStore;

/**
 * Operations on single counters of a namespace beyond its fast path. Each first transfers the counter to the active
 * store, if it is still in a source, and then acts on it there. See {@link Namespace} for the protocol.
 */
final class KeyOperations {

    private final Namespace namespace;
    private final NamespaceHost host;
    private final KeyLocks locks;

    /** Created once: a move transfers millions of counters. */
    private final KeyLocks.Action<CounterStore> pulling = this::pullFromSources;

    KeyOperations(Namespace namespace, NamespaceHost host, KeyLocks locks) {
        this.namespace = namespace;
        this.host = host;
        this.locks = locks;
    }

    /** Returns the active table, also while listeners are registered, for a step that it can add. */
    private CellLookup lookup(String key, long step) {
        return key != null && Cell.isSmallStep(step) && namespace.placement().active() instanceof TableStore store
                ? store.table()
                : Namespace.NO_FAST_PATH;
    }

    /** Implements {@link Namespace#inc(String, long, long)} without the fast path. */
    long inc(String key, long step, long initial) {
        long raw = initial == Long.MIN_VALUE ? Cell.SEALED : lookup(key, step).inc(key, step);
        if (Cell.isFastResult(raw)) {
            return raw;
        }
        return Cell.isSealed(raw) ? update(key, step, initial) : upgradeCell(key, raw);
    }

    /** Adds by an update under the key lock, after the fast path has found no cell. */
    long update(String key, long step, long initial) {
        return update(key, new CellUpdate.Add(representable("step", step), representable("initial", initial)), true);
    }

    /** Implements {@link Namespace#add} without the fast path. */
    void add(String key, long step) {
        long raw = lookup(key, step).add(key, step);
        if (Cell.isSealed(raw)) {
            updateAdd(key, step);
        } else if (!Cell.isFastResult(raw)) {
            upgradeCell(key, raw);
        }
    }

    /** Adds by an update under the key lock without a result, after the fast path has found no cell. */
    void updateAdd(String key, long step) {
        update(key, new CellUpdate.Add(representable("step", step), 0), false);
    }

    /** Sets or resets a counter. */
    long put(String key, long value, boolean isReset) {
        return update(key, new CellUpdate.Put(representable(isReset ? "initial" : "value", value), isReset), true);
    }

    /** Removes a counter and returns its final value; empty if it was absent. */
    OptionalLong delete(String key) {
        Set<CounterStore> stores = new HashSet<>();
        OptionalLong last = take(key, stores);
        stores.forEach(CounterStore::awaitDurable);
        return last;
    }

    /** Implements {@link Namespace#compareAndSwap}. */
    CasResult compareAndSwap(String key, long expected, long newValue) {
        CellUpdate.Swap swap =
                new CellUpdate.Swap(representable("expected", expected), representable("newValue", newValue));
        long value = update(key, swap, true);
        return new CasResult(swap.swapped(), value);
    }

    /**
     * Applies an update to a counter, creating the counter if the update does so.
     *
     * @param wantsResult whether the caller uses the result
     */
    private long update(String key, CellUpdate update, boolean wantsResult) {
        CounterNames.check("key", key);
        Placement seen = namespace.placement();
        if (seen.isSettled() && seen.active() instanceof TableStore store) {
            Cell cell = store.table().find(key);
            long done = cell == null ? Cell.SEALED : store.table().apply(key, cell, update);
            if (done != Cell.SEALED) {
                store.awaitDurable();
                return done;
            }
        }
        CounterStore[] used = new CounterStore[1];
        try {
            long done = locks.run(key, false, (lock, now, k) -> {
                CounterStore store = pullFromSources(lock, now, k);
                used[0] = store;
                boolean mayCreate = !now.frozen() && store != UnplacedStore.UNPLACED;
                if (!mayCreate && update.creates() && store.isAbsent(lock, key)) {
                    return null;
                }
                long applied = store.apply(lock, key, update, wantsResult);
                return applied == Cell.SEALED ? null : applied;
            });
            used[0].awaitDurable();
            if (!wantsResult && used[0] instanceof SharedStore store) {
                namespace.showAdditions(store);
            }
            return done;
        } catch (CapacityExceededException e) {
            host.capacityExceeded(namespace, e);
            throw e;
        }
    }

    /** Returns the value of a counter for which the fast path has found no cell. */
    OptionalLong get(String key) {
        CounterNames.check("key", key);
        Placement seen = namespace.placement();
        if (seen.isSettled() && seen.active() instanceof TableStore store) {
            Cell cell = store.table().find(key);
            long value = cell == null ? Cell.SEALED : cell.get();
            if (value != Cell.SEALED) {
                return OptionalLong.of(value);
            }
            if (cell == null && namespace.placement() == seen) {
                return OptionalLong.empty();
            }
        }
        return locks.run(
                key, false, (lock, now, k) -> pullFromSources(lock, now, k).get(lock, k));
    }

    /**
     * Removes a counter and returns its final value; empty if it was absent.
     *
     * @param stores receives the store it was removed from, whose durability the caller awaits
     */
    OptionalLong take(String key, Set<CounterStore> stores) {
        CounterNames.check("key", key);
        return locks.run(key, true, (lock, now, k) -> {
            CounterStore store = pullFromSources(lock, now, k);
            stores.add(store);
            return store.remove(lock, k);
        });
    }

    /**
     * Replaces a cell that has reached the end of its range after an addition, and reads the value if the raw result is
     * not the value. The addition was counted in any case, so nothing is rejected.
     */
    long upgradeCell(String key, long raw) {
        try {
            return locks.run(key, true, (lock, now, k) -> {
                CounterStore store = pullFromSources(lock, now, k);
                if (store instanceof TableStore table) {
                    return table.table().upgradeCell(k, raw);
                }
                long value = store.get(lock, k).orElse(0); // read in any case: what was buffered is sent before
                return raw != Cell.APPLIED_UNREAD ? raw : value;
            });
        } catch (CounterException e) {
            return raw != Cell.APPLIED_UNREAD ? raw : 0; // the value cannot be read any more
        }
    }

    /** Transfers one counter, if its transfer is still due in this placement. */
    void transfer(Placement due, String key) {
        if (namespace.placement() == due && (due.move() == null || due.move().failure() == null)) {
            locks.run(key, true, pulling);
        }
    }

    /**
     * Transfers a counter from the sources to the active store.
     *
     * @return the store in which the counter is, or would be: the active one, or the source that it could not leave
     */
    private CounterStore pullFromSources(AbandonableLock lock, Placement now, String key) {
        for (CounterStore source : now.sources()) {
            try {
                long value = source.transfer(lock, key, now.active());
                if (value != Cell.SEALED) {
                    recordTransfer(now, source, key, value);
                }
            } catch (AbandonableLock.AbandonedException e) {
                throw e;
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                if (now.move() != null) {
                    now.move().fail(e);
                }
                if (now.stores().anyMatch(other -> other != source && !other.isAbsent(lock, key))) {
                    throw BackendUnavailableException.notApplied(
                            "a part of the counter cannot be reached (" + e.getMessage() + ")", namespace.name(), e);
                }
                return source;
            }
        }
        return now.active();
    }

    private static void recordTransfer(Placement now, CounterStore source, String key, long value) {
        OngoingMove move = now.move();
        if (move == null) {
            return;
        }
        if (source.backend() != now.active().backend()) {
            move.transferred(value);
        }
        if (now.active() instanceof TableStore store && value < store.table().lowest()) {
            move.fail("value is below " + store.table().lowest() + ": key=" + CounterNames.printable(key) + " value="
                    + value);
        }
    }

    private static long representable(String role, long value) {
        if (value == Long.MIN_VALUE) {
            throw new IllegalArgumentException(
                    "number is reserved: " + role + "=" + value + " lowest=" + -Long.MAX_VALUE);
        }
        return value;
    }
}
