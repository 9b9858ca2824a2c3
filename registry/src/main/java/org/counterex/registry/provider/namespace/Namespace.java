package org.counterex.registry.provider.namespace;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ObjLongConsumer;
import org.counterex.api.CasResult;
import org.counterex.api.Counter;
import org.counterex.api.CounterEvent;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.api.backend.table.AdditionBuffer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellLookup;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.TrackedCell;
import org.counterex.registry.provider.event.EventQueue;
import org.counterex.registry.provider.event.SubscriptionTarget;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.SharedStore;
import org.counterex.registry.provider.placement.TableStore;

/**
 * Counters of one namespace, wherever they are stored: the fast path of callers, and the placement that moves replace.
 *
 * <p><b>Invariant.</b> Each counter is one unsealed cell, or one value in a backend without tables, in one store of the
 * {@link #placement}, except for an instant under its key lock. Two stores hold a part of the same counter only if a
 * backend was bound with counters of its own; its value is then the sum.
 *
 * <h2>Fast path</h2>
 *
 * {@link #fastPath} is the table of the active store. A cell found there is updated without any lock; a sealed cell
 * says so in its result. Nothing is ever concluded from a cell that is <em>not</em> found there, so this field may lag
 * behind the placement and never has to be compared with it. An idle namespace is always on the fast path; a moving one
 * is for the counters that were transferred. A namespace with {@linkplain ObservedOperations listeners} never is, so
 * the fast path does not check for listeners.
 *
 * <p>If the active store is shared with other runtimes and its backend buffers additions, the field is the {@link
 * AdditionBuffer}: an addition goes to an open cell of the buffer, everything else under the key lock. Such a cell
 * holds a part of a counter whose rest is in the same store, so the above holds for it too; but it is not transferred
 * like a counter. Therefore callers see a buffer only while its store is the only one and not frozen, and it is closed,
 * for good, before a counter is taken from the store.
 *
 * <h2>Slow path</h2>
 *
 * Under the key lock, with the placement read under it ({@link KeyLocks}, {@link KeyOperations}):
 *
 * <ol>
 *   <li>Look for the counter in the sources, oldest first; if it is there, transfer it to the active store: seal,
 *       insert, remove.
 *   <li>Apply the update in the active store, creating the counter if it is absent.
 * </ol>
 *
 * <h2>Phases of a move</h2>
 *
 * One thread moves a namespace, while any number of callers transfer the counters that they use:
 *
 * <ol>
 *   <li><em>Freeze.</em> Publish the same stores, frozen: callers that need a new counter wait. Acquire every key lock
 *       once ({@link #awaitKeyLocks}): after that no thread acts on an earlier placement, and counters only become
 *       fewer. An {@code AdditionBuffer} is not shown from now on and can be closed: after that no addition reaches the
 *       store except under a key lock. If it cannot be closed, the move is refused, unless the counters stay where they
 *       are.
 *   <li><em>Admit.</em> Reserve room in the target for all counters. If that is refused, publish the previous
 *       placement: the move never happened. No thread has seen the target, so none can be late.
 *   <li><em>Switch.</em> Publish the target as the active store, and all previous stores as sources. A table that was
 *       once a source never becomes active again, so absence found before and confirmed by an unchanged placement is
 *       absence.
 *   <li><em>Transfer</em> every key of every source, under its key lock.
 *   <li><em>Finish.</em> The sources are empty and, being sources, stay empty. Publish the active store alone.
 * </ol>
 *
 * A second move during the first, a target that leaves, an undo, an exhausted table and parking are the same steps: the
 * active store becomes one more source.
 *
 * <h2>Absence and progress</h2>
 *
 * Without a lock, a counter is absent if the only store has no cell for it and the placement is unchanged afterwards:
 * tables live once, so it was the only store all the time. A call waits for its own key lock, which is held for one
 * update of a table; in a backend without tables it waits for calls into the backend, at most as long as configured.
 */
public class Namespace implements CounterNamespace, SubscriptionTarget {

    /** Finds no cell: the active store is not known to be a table. */
    static final CellLookup NO_FAST_PATH = new CellLookup() {
        @Override
        public long inc(String key, long step) {
            return Cell.SEALED;
        }

        @Override
        public long add(String key, long step) {
            return Cell.SEALED;
        }

        @Override
        public long get(String key) {
            return Cell.SEALED;
        }
    };

    private final String name;
    private final KeyLocks locks;
    private final KeyOperations operations;
    private final BulkOperations bulk;

    private volatile CellLookup fastPath = NO_FAST_PATH;
    private volatile Placement placement;

    /** Operations with events; null if no listener subscribes to this namespace. */
    private volatile ObservedOperations observed;

    Namespace(String name, NamespaceHost host, CounterStore store) {
        this.name = name;
        locks = new KeyLocks(this, host);
        operations = new KeyOperations(this, host, locks);
        bulk = new BulkOperations(this, host, operations);
        publish(null, Placement.settled(store));
        setObserved(host.observer(this));
    }

    @Override
    public final String name() {
        return name;
    }

    /** Returns a raw result, {@link Cell#SEALED} if there is no unsealed cell on the fast path. */
    private long incOnFastPath(String key, long step) {
        CellLookup here = fastPath;
        KeyedCell[] index = here.index();
        if (index == null) {
            return here.inc(key, step);
        }
        KeyedCell cell = CellLookup.search(index, key);
        if (cell instanceof LongCell own) {
            return own.inc(step);
        }
        return cell instanceof TrackedCell tracked ? tracked.inc(step) : Cell.SEALED;
    }

    @Override
    public final long inc(String key) {
        long raw = key == null ? Cell.SEALED : incOnFastPath(key, 1);
        return Cell.isFastResult(raw) ? raw : incSlow(key, 1, 0, raw);
    }

    @Override
    public final long inc(String key, long step) {
        long raw = key == null || !Cell.isSmallStep(step) ? Cell.SEALED : incOnFastPath(key, step);
        return Cell.isFastResult(raw) ? raw : incSlow(key, step, 0, raw);
    }

    @Override
    public final long inc(String key, long step, long initial) {
        long raw = key == null || !Cell.isSmallStep(step) || initial == Long.MIN_VALUE
                ? Cell.SEALED
                : incOnFastPath(key, step);
        return Cell.isFastResult(raw) ? raw : incSlow(key, step, initial, raw);
    }

    /** Counts after a raw result that is not final if the step was not counted; otherwise upgrades the cell. */
    public final long incSlow(String key, long step, long initial, long raw) {
        if (!Cell.isSealed(raw)) {
            return operations.upgradeCell(key, raw);
        }
        ObservedOperations listening = observed;
        return listening == null ? operations.update(key, step, initial) : listening.inc(key, step, initial);
    }

    @Override
    public final void add(String key, long step) {
        long raw = key == null || !Cell.isSmallStep(step) ? Cell.SEALED : fastPath.add(key, step);
        if (Cell.isFastResult(raw)) {
            return;
        }
        ObservedOperations listening = observed;
        if (!Cell.isSealed(raw)) {
            operations.upgradeCell(key, raw);
        } else if (listening != null) {
            listening.add(key, step);
        } else {
            operations.updateAdd(key, step);
        }
    }

    @Override
    public final OptionalLong get(String key) {
        long raw = key == null ? Cell.SEALED : fastPath.get(key);
        return Cell.isFastResult(raw) ? OptionalLong.of(raw) : operations.get(key);
    }

    @Override
    public final long set(String key, long value) {
        ObservedOperations listening = observed;
        return listening == null ? operations.put(key, value, false) : listening.set(key, value);
    }

    @Override
    public final long reset(String key, long initial) {
        ObservedOperations listening = observed;
        return listening == null ? operations.put(key, initial, true) : listening.reset(key, initial);
    }

    @Override
    public final void delete(String key) {
        ObservedOperations listening = observed;
        if (listening == null) {
            operations.delete(key);
        } else {
            listening.delete(key);
        }
    }

    @Override
    public final CasResult compareAndSwap(String key, long expected, long newValue) {
        ObservedOperations listening = observed;
        return listening == null
                ? operations.compareAndSwap(key, expected, newValue)
                : listening.compareAndSwap(key, expected, newValue);
    }

    @Override
    public final Map<String, Long> getAll() {
        return bulk.getAll();
    }

    @Override
    public final void forEach(ObjLongConsumer<String> action) {
        bulk.forEach(action);
    }

    @Override
    public final Map<String, Long> drain() {
        ObservedOperations listening = observed;
        return listening == null ? bulk.drain() : listening.drain();
    }

    @Override
    public final void deleteAll() {
        ObservedOperations listening = observed;
        if (listening == null) {
            bulk.deleteAll(() -> {});
        } else {
            listening.deleteAll();
        }
    }

    @Override
    public final Counter counter(String key) {
        return new CounterHandle(this, CounterNames.check("key", key));
    }

    /** Returns the cell of a counter, for a handle to keep; null if there is none. */
    final Cell cell(String key) {
        return placement.active() instanceof TableStore store ? store.table().find(key) : null;
    }

    /** Returns the open buffer cell of a counter, for a handle to keep; null if additions require a call. */
    public final LongCell additionCell(String key) {
        return fastPath instanceof AdditionBuffer open ? open.find(key) : null;
    }

    final KeyOperations operations() {
        return operations;
    }

    final BulkOperations bulk() {
        return bulk;
    }

    /** Returns the current placement. */
    public final Placement placement() {
        return placement;
    }

    /** Replaces the placement if it is the expected one. */
    public final synchronized boolean publish(Placement expected, Placement next) {
        if (placement != expected) {
            return false;
        }
        placement = next;
        updateFastPath();
        return true;
    }

    private void updateFastPath() {
        fastPath = observed == null ? fastPathOf(placement) : NO_FAST_PATH;
    }

    private static CellLookup fastPathOf(Placement placement) {
        CellLookup lookup = null;
        if (placement.active() instanceof TableStore store) {
            lookup = store.table();
        } else if (mayShowAdditions(placement)) {
            lookup = ((SharedStore) placement.active()).additions();
        }
        return lookup == null ? NO_FAST_PATH : lookup;
    }

    private static boolean mayShowAdditions(Placement placement) {
        return placement.active() instanceof SharedStore && placement.isSettled() && !placement.frozen();
    }

    /**
     * Shows the addition buffer of a store on the fast path, after an addition under the key lock, if it is not shown
     * yet.
     */
    final void showAdditions(SharedStore store) {
        if (observed == null && fastPath != store.additions() && mayShowAdditions(placement)) {
            synchronized (this) {
                updateFastPath();
            }
        }
    }

    /**
     * Sets how operations publish events. An operation that has begun may publish none.
     *
     * @param next null if no listener subscribes to this namespace
     */
    private synchronized void setObserved(ObservedOperations next) {
        observed = next;
        updateFastPath();
    }

    @Override
    public final void setQueues(Map<CounterEvent.Operation, List<EventQueue<CounterEvent>>> queues) {
        setObserved(ObservedOperations.of(this, queues));
    }

    /** Returns whether a listener subscribes to this namespace, so that handles must not use their cells. */
    public final boolean isObserved() {
        return observed != null;
    }

    /**
     * Acquires and releases every key lock once: then no thread acts on an earlier placement any more.
     *
     * @param timeoutMs for all locks together
     * @param abandon whether to abandon calls into backends without tables that do not return
     * @return false if a lock could not be acquired in time
     */
    public final boolean awaitKeyLocks(long timeoutMs, boolean abandon) {
        return locks.awaitAll(timeoutMs, abandon);
    }

    /** Abandons the calls into backends without tables that hold key locks. */
    public final void abandonCalls() {
        locks.abandonCalls();
    }

    /** Transfers one counter to the active store, if its transfer is still due in this placement. */
    public final void transfer(Placement due, String key) {
        operations.transfer(due, key);
    }

    /** Transfers one counter out of a store of this namespace after it has stopped. */
    public final void extract(CounterStore source, String key, CounterStore target) {
        locks.extract(source, key, target);
    }

    @Override
    public String toString() {
        return CounterNames.printable(name);
    }
}
