package org.counterex.registry.provider.namespace;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CasResult;
import org.counterex.api.Counter;
import org.counterex.api.CounterEvent;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.api.NoBackendException;
import org.counterex.api.backend.table.AdditionBuffer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellLookup;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.TrackedCell;
import org.counterex.registry.provider.backend.AbandonableLock;
import org.counterex.registry.provider.event.EventQueue;
import org.counterex.registry.provider.event.SubscriptionTarget;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.DetachedStore;
import org.counterex.registry.provider.placement.OngoingMove;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.SharedStore;
import org.counterex.registry.provider.placement.TableStore;
import org.counterex.registry.provider.placement.UnplacedStore;

/**
 * The counters of one namespace, wherever they are: the calls of callers, and the hand-over beneath them.
 *
 * <p><b>Invariant.</b> Each counter is one live cell (or one value in a plain backend) in one of the homes of
 * {@link #placement}, but for an instant under its stripe. Two places may hold a part of one counter only where a
 * backend came with counters of its own; its value is the sum then.
 *
 * <p><b>Fast path.</b> {@link #fastPath} is the table of the current home. What is found there is counted on its cell, without
 * any lock; a sealed cell says so in the result. Nothing is ever concluded from what is <em>not</em> found there, so this
 * field may lag behind {@link #placement} and never has to be compared with it. An idle namespace is always on this path,
 * and so is a moving one for the counters that were handed over. A namespace to which somebody {@linkplain ObservedOperations listens}
 * never is: so on this path nobody has to ask.
 *
 * <p>Where the current home is a backend that others count on too, and it gathers additions, this field is its {@link
 * AdditionBuffer}: an addition goes to an open cell of those, and everything else through the stripe. Such a cell holds a part of a
 * counter whose rest is in the same home, so all of the above is true of it too; but what is in it is not taken away
 * one by one as counters are. Therefore callers are shown {@code AdditionBuffer} only while the home is the only one and not closed,
 * and they are closed, for good, before anything is taken from it.
 *
 * <p><b>Slow path</b>, under the stripe of the key and with the residence read under it:
 *
 * <ol>
 *   <li>Look for the counter in the sources, oldest first; where it is found, hand it over to the current home: seal, put,
 *       remove.
 *   <li>Take the step in the current home; create the counter there if it is absent.
 * </ol>
 *
 * <p><b>Phases of a move</b>, by one migration and any number of callers who help with their own counter:
 *
 * <ol>
 *   <li><em>Close.</em> Publish the same homes, closed: whoever wants to create a counter waits. Go through every stripe
 *       once ({@link #awaitKeyLocks}): after that nobody acts on an earlier residence, and counters only become fewer. Nobody
 *       is shown {@link AdditionBuffer} from now on, so those that were shown can be closed: after that no addition comes to the
 *       home but through a stripe. If they cannot, the move is refused, unless the counters stay where they are.
 *   <li><em>Reserve</em> room in the target for all that is there. If it is refused, publish what was before: the move
 *       never happened. Nobody has been told of a target, so no helper can be late.
 *   <li><em>Publish</em> the target as current home, with all former homes as sources. A table that was once a source is
 *       never a current home again: so absence that was found before and confirmed by an unchanged residence is absence.
 *   <li><em>Hand over</em> every key of every source, under its stripe.
 *   <li><em>Settle.</em> The sources are empty and, being sources, stay so. Publish the current home alone.
 * </ol>
 *
 * A second move during the first, a target that leaves, an undo, a table whose places are used up and parking are all the
 * same: whatever is current becomes one more source.
 *
 * <p><b>Absence.</b> Without a lock, a counter is absent if a settled home has no cell for it and the residence is
 * unchanged afterwards: tables live once, so it was the only place all the time.
 *
 * <p><b>Progress.</b> A call waits for its own stripe, which is held for one step on a table. On plain backends it waits
 * for calls into the backend, at most as long as configured.
 *
 * <p>It is one class because the phases above are one protocol over the same two fields.
 */
public class Namespace implements CounterNamespace, SubscriptionTarget {

    /** Answers nothing: where counters are is not known to be a table. */
    private static final CellLookup NO_FAST_PATH = new CellLookup() {
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

    private static final int LOCKS = 16;

    /** How many keys {@link #forEach} collects at a time, on average: some megabytes. */
    private static final int PASS = 1 << 16;

    /** Each pass goes over all keys: beyond 250 million counters it collects more of them instead. */
    private static final int MOST_PASSES = 1 << 12;

    /** How long to wait for a stripe before looking whether it is still the right one. */
    private static final long SLICE_MS = 50;

    private final String name;
    private final NamespaceHost host;
    private final AtomicReferenceArray<AbandonableLock> keyLocks = new AtomicReferenceArray<>(LOCKS);

    /** Made once: a move hands over by the million. */
    private final Locked<CounterStore> pulling = this::pullFromSources;

    private volatile CellLookup fastPath = NO_FAST_PATH;
    private volatile Placement placement;

    /** Tells those who listen; null if nobody does. */
    private volatile ObservedOperations observed;

    public Namespace(String name, NamespaceHost registrar, CounterStore home) {
        this.name = name;
        this.host = registrar;
        for (int i = 0; i < LOCKS; i++) {
            keyLocks.set(i, new AbandonableLock());
        }
        publish(null, Placement.settled(home));
        setObserved(registrar.observer(this));
    }

    @Override
    public final String name() {
        return name;
    }

    /** The fast path: a raw result, {@link Cell#SEALED} if it does not lead to a cell. */
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

    @Override
    public final void add(String key, long step) {
        long raw = key == null || !Cell.isSmallStep(step) ? Cell.SEALED : fastPath.add(key, step);
        if (Cell.isFastResult(raw)) {
            return;
        }
        ObservedOperations listening = observed;
        if (!Cell.isSealed(raw)) {
            upgradeCell(key, raw);
        } else if (listening != null) {
            listening.add(key, step);
        } else {
            update(key, new CellUpdate.Add(representable("step", step), 0), false);
        }
    }

    @Override
    public final OptionalLong get(String key) {
        long raw = key == null ? Cell.SEALED : fastPath.get(key);
        return Cell.isFastResult(raw) ? OptionalLong.of(raw) : getSlow(key);
    }

    @Override
    public final long set(String key, long value) {
        ObservedOperations listening = observed;
        return listening == null ? doPut(key, value, false) : listening.set(key, value);
    }

    @Override
    public final long reset(String key, long initial) {
        ObservedOperations listening = observed;
        return listening == null ? doPut(key, initial, true) : listening.reset(key, initial);
    }

    @Override
    public final void delete(String key) {
        ObservedOperations listening = observed;
        if (listening == null) {
            doDelete(key);
        } else {
            listening.delete(key);
        }
    }

    @Override
    public final CasResult compareAndSwap(String key, long expected, long newValue) {
        ObservedOperations listening = observed;
        return listening == null
                ? doCompareAndSwap(key, expected, newValue)
                : listening.compareAndSwap(key, expected, newValue);
    }

    @Override
    public final Map<String, Long> getAll() {
        Map<String, Long> all = new HashMap<>();
        for (String key : keys()) {
            get(key).ifPresent(value -> all.put(key, value));
        }
        return all;
    }

    @Override
    public final void forEach(ObjLongConsumer<String> action) {
        Placement seen = placement;
        // A plain backend makes a map of all its counters at each pass anyway.
        int passes = seen.anyStore(DelegatingStore.class::isInstance)
                ? 1
                : (int) Math.min(seen.size() / PASS + 1, MOST_PASSES);
        for (int pass = 0; pass < passes; pass++) {
            int due = pass;
            for (String key : keys(key -> Integer.remainderUnsigned(KeyedCell.hash(key), passes) == due)) {
                get(key).ifPresent(value -> action.accept(key, value));
            }
        }
    }

    @Override
    public final Map<String, Long> drain() {
        ObservedOperations listening = observed;
        return listening == null ? doDrain() : listening.drain();
    }

    @Override
    public final void deleteAll() {
        ObservedOperations listening = observed;
        if (listening == null) {
            doDeleteAll(() -> {});
        } else {
            listening.deleteAll();
        }
    }

    @Override
    public final Counter counter(String key) {
        return new CounterHandle(this, CounterNames.check("key", key));
    }

    /** After a raw result that is not ordinary: counts if it was not counted, otherwise sees to the cell. */
    public final long incSlow(String key, long step, long initial, long raw) {
        if (!Cell.isSealed(raw)) {
            return upgradeCell(key, raw);
        }
        ObservedOperations listening = observed;
        return listening == null ? update(key, step, initial) : listening.inc(key, step, initial);
    }

    private long update(String key, long step, long initial) {
        return update(key, new CellUpdate.Add(representable("step", step), representable("initial", initial)), true);
    }

    // What an observer has carried out.

    /** Where to try first, also while somebody listens. */
    private CellLookup firstLookup(String key, long step) {
        return key != null && Cell.isSmallStep(step) && placement.active() instanceof TableStore home
                ? home.table()
                : NO_FAST_PATH;
    }

    final long doInc(String key, long step, long initial) {
        long raw =
                initial == Long.MIN_VALUE ? Cell.SEALED : firstLookup(key, step).inc(key, step);
        if (Cell.isFastResult(raw)) {
            return raw;
        }
        return Cell.isSealed(raw) ? update(key, step, initial) : upgradeCell(key, raw);
    }

    final void doAdd(String key, long step) {
        long raw = firstLookup(key, step).add(key, step);
        if (Cell.isSealed(raw)) {
            update(key, new CellUpdate.Add(representable("step", step), 0), false);
        } else if (!Cell.isFastResult(raw)) {
            upgradeCell(key, raw);
        }
    }

    final long doPut(String key, long value, boolean isReset) {
        return update(key, new CellUpdate.Put(representable(isReset ? "initial" : "value", value), isReset), true);
    }

    /** Returns the final value; empty if the counter was absent. */
    final OptionalLong doDelete(String key) {
        Set<CounterStore> places = new HashSet<>();
        OptionalLong last = take(key, places);
        places.forEach(CounterStore::awaitDurable);
        return last;
    }

    final CasResult doCompareAndSwap(String key, long expected, long newValue) {
        CellUpdate.Swap swap =
                new CellUpdate.Swap(representable("expected", expected), representable("newValue", newValue));
        long value = update(key, swap, true);
        return new CasResult(swap.swapped(), value);
    }

    final Map<String, Long> doDrain() {
        Map<String, Long> taken = new HashMap<>();
        Set<CounterStore> places = new HashSet<>();
        try {
            for (String key : keys()) {
                take(key, places).ifPresent(value -> taken.put(key, value));
            }
            places.forEach(CounterStore::awaitDurable);
        } catch (CounterException e) {
            if (taken.isEmpty()) {
                throw e;
            }
            host.drainEndedEarly(this, taken.size(), e); // what was taken is nowhere else any more
        }
        return taken;
    }

    /** @param deleted told of each counter that was removed */
    final void doDeleteAll(Runnable deleted) {
        Set<CounterStore> places = new HashSet<>();
        keys().forEach(key -> take(key, places).ifPresent(last -> deleted.run()));
        places.forEach(CounterStore::awaitDurable);
    }

    /**
     * Takes a step on a counter, creating it if the step does so.
     *
     * @param told whether the caller wants to know the value
     */
    private long update(String key, CellUpdate step, boolean told) {
        check(key);
        Placement seen = placement;
        if (seen.isSettled() && seen.active() instanceof TableStore home) {
            Cell cell = home.table().find(key);
            long done = cell == null ? Cell.SEALED : home.table().apply(key, cell, step);
            if (done != Cell.SEALED) {
                home.awaitDurable();
                return done;
            }
        }
        CounterStore[] place = new CounterStore[1];
        try {
            long done = locked(key, false, (stripe, now, k) -> {
                CounterStore home = pullFromSources(stripe, now, k);
                place[0] = home;
                boolean mayCreate = !now.frozen() && home != UnplacedStore.UNPLACED;
                if (!mayCreate && step.creates() && home.isAbsent(stripe, key)) {
                    return null;
                }
                long applied = home.apply(stripe, key, step, told);
                return applied == Cell.SEALED ? null : applied;
            });
            place[0].awaitDurable();
            if (!told && place[0] instanceof SharedStore home) {
                showAdditions(home);
            }
            return done;
        } catch (CapacityExceededException e) {
            host.capacityExceeded(this, e);
            throw e;
        }
    }

    /** {@link #get}, where the fast path does not tell. */
    private OptionalLong getSlow(String key) {
        check(key);
        Placement seen = placement;
        if (seen.isSettled() && seen.active() instanceof TableStore home) {
            Cell cell = home.table().find(key);
            long value = cell == null ? Cell.SEALED : cell.get();
            if (value != Cell.SEALED) {
                return OptionalLong.of(value);
            }
            if (cell == null && placement == seen) {
                return OptionalLong.empty();
            }
        }
        return locked(
                key, false, (stripe, now, k) -> pullFromSources(stripe, now, k).get(stripe, k));
    }

    /**
     * Removes a counter and returns its final value.
     *
     * @param places gets where it was removed, to be {@linkplain CounterStore#awaitDurable confirmed}
     */
    private OptionalLong take(String key, Set<CounterStore> places) {
        check(key);
        return locked(key, true, (stripe, now, k) -> {
            CounterStore home = pullFromSources(stripe, now, k);
            places.add(home);
            return home.remove(stripe, k);
        });
    }

    /**
     * After a raw result that was counted: lets another cell take over if it is needed, and reads the value if the result does
     * not tell it. Whatever comes between, it was counted, so this refuses nothing.
     */
    private long upgradeCell(String key, long raw) {
        try {
            return locked(key, true, (stripe, now, k) -> {
                CounterStore home = pullFromSources(stripe, now, k);
                if (home instanceof TableStore table) {
                    return table.table().upgradeCell(k, raw);
                }
                long value = home.get(stripe, k).orElse(0); // asked anyway: what was added is sent before that
                return raw != Cell.APPLIED_UNREAD ? raw : value;
            });
        } catch (CounterException e) {
            return raw != Cell.APPLIED_UNREAD ? raw : 0; // it cannot be read any more
        }
    }

    /** The cell of a counter, for a handle to keep; null if there is none. */
    final Cell cell(String key) {
        return placement.active() instanceof TableStore home ? home.table().find(key) : null;
    }

    /** The open cell for what is added to a counter, for a handle to keep; null if additions have to be called for. */
    public final LongCell additionCell(String key) {
        return fastPath instanceof AdditionBuffer open ? open.find(key) : null;
    }

    /**
     * Brings a counter to the current home, if it is elsewhere.
     *
     * @return where it is now, or would be if it were there: the current home, or the source that it could not leave
     */
    private CounterStore pullFromSources(AbandonableLock stripe, Placement now, String key) {
        for (CounterStore source : now.sources()) {
            try {
                long value = source.transfer(stripe, key, now.active());
                if (value != Cell.SEALED) {
                    recordTransfer(now, source, key, value);
                }
            } catch (AbandonableLock.AbandonedException e) {
                throw e;
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                if (now.move() != null) {
                    now.move().fail(e);
                }
                if (now.stores().anyMatch(other -> other != source && !other.isAbsent(stripe, key))) {
                    throw BackendUnavailableException.notApplied(
                            "a part of the counter is out of reach (" + e.getMessage() + ")", name, e);
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
        if (now.active() instanceof TableStore home && value < home.table().lowest()) {
            move.fail("value is below " + home.table().lowest() + ": key=" + CounterNames.printable(key) + " value="
                    + value);
        }
    }

    /** What is done under a stripe; null if the residence does not allow it. */
    private interface Locked<R> {
        R apply(AbandonableLock stripe, Placement now, String key);
    }

    /**
     * Does something under the stripe of a key, again and again until the residence allows it.
     *
     * @param alone whether calls into a plain backend beside it are to be kept out
     */
    private <R> R locked(String key, boolean alone, Locked<R> action) {
        DelegatingStore.rejectReentrantCall(name);
        int index = lockIndex(key);
        long begun = 0; // the clock is looked at by those who wait: for others it would be a good part of the call
        for (; ; ) {
            Placement now = placement;
            AbandonableLock stripe = keyLocks.get(index);
            boolean shared = !alone && !now.frozen() && now.isSettled() && now.active() instanceof DelegatingStore;
            long stamp = shared ? stripe.acquireShared(SLICE_MS) : stripe.acquireExclusive(SLICE_MS);
            if (stamp == 0) {
                if (begun == 0) {
                    begun = System.nanoTime();
                }
                // A migration gives up first, and then there is a way; and nobody waits for long who holds it on our side.
                long times = now.frozen() || !now.isSettled() ? 3 : 1;
                long timeout = TimeUnit.MILLISECONDS.toNanos(times * host.callTimeoutMs());
                if (System.nanoTime() - begun > timeout && stripe.isInBackend()) {
                    throw BackendUnavailableException.notApplied(
                            "backend " + now.active().label() + " does not answer in time", name);
                }
                continue;
            }
            try {
                if (keyLocks.get(index) != stripe || shared && placement != now) {
                    continue;
                }
                now = placement;
                if (now.active() == UnplacedStore.STOPPED) {
                    throw new NoBackendException("this service has stopped", name);
                }
                host.requireBackend(this, now);
                R result = action.apply(stripe, now, key);
                if (result != null) {
                    return result;
                }
            } catch (AbandonableLock.AbandonedException e) {
                throw BackendUnavailableException.outcomeUnknown(
                        "backend " + now.active().label() + " did not come back", name, e);
            } finally {
                stripe.release(stamp);
            }
            awaitCreatable(now);
        }
    }

    /** After a residence did not allow to create a counter: waits or sees to it that the next one does. */
    private void awaitCreatable(Placement now) {
        if (now.frozen()) {
            Thread.yield(); // for a migration that reserves room, some microseconds
        } else if (now.active() == UnplacedStore.UNPLACED) {
            host.place(this, now);
        } else {
            host.replaceExhaustedTable(this, now);
        }
    }

    private void check(String key) {
        CounterNames.check("key", key);
    }

    private static long representable(String role, long value) {
        if (value == Long.MIN_VALUE) {
            throw new IllegalArgumentException(
                    "number is reserved: " + role + "=" + value + " lowest=" + -Long.MAX_VALUE);
        }
        return value;
    }

    /** The keys that are present throughout the call, and perhaps others. */
    private Set<String> keys() {
        return keys(key -> true);
    }

    /** Of the keys that are present throughout the call, and perhaps others, those that somebody wants. */
    private Set<String> keys(Predicate<String> wanted) {
        Set<String> keys = new LinkedHashSet<>();
        for (; ; ) {
            Placement seen = placement;
            if (seen.active() == UnplacedStore.STOPPED) {
                throw new NoBackendException("this service has stopped", name);
            }
            if (seen.active() instanceof DetachedStore away) {
                throw away.refusal();
            }
            host.requireBackend(this, seen);
            try {
                seen.stores()
                        .forEach(home -> home.keys(key -> {
                            if (wanted.test(key)) {
                                keys.add(key);
                            }
                        }));
            } catch (CounterException e) {
                if (placement == seen) {
                    throw e;
                }
            }
            if (placement == seen) {
                return keys; // a counter that moved meanwhile was in a source when that was looked at, or came after it
            }
        }
    }

    // What follows is for the migration.

    public final Placement placement() {
        return placement;
    }

    /** Replaces the residence if it is the expected one. */
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

    private static CellLookup fastPathOf(Placement residence) {
        CellLookup way = null;
        if (residence.active() instanceof TableStore home) {
            way = home.table();
        } else if (mayShowAdditions(residence)) {
            way = ((SharedStore) residence.active()).additions();
        }
        return way == null ? NO_FAST_PATH : way;
    }

    private static boolean mayShowAdditions(Placement residence) {
        return residence.active() instanceof SharedStore && residence.isSettled() && !residence.frozen();
    }

    /** After an addition through a stripe: shows what may be added to without, if it is not shown yet. */
    private void showAdditions(SharedStore home) {
        if (observed == null && fastPath != home.additions() && mayShowAdditions(placement)) {
            synchronized (this) {
                updateFastPath();
            }
        }
    }

    /**
     * From now on calls are told to those who listen. A call that has begun may not be.
     *
     * @param next who tells them; null if nobody listens
     */
    public final synchronized void setObserved(ObservedOperations next) {
        observed = next;
        updateFastPath();
    }

    @Override
    public final void setQueues(Map<CounterEvent.Operation, List<EventQueue<CounterEvent>>> queues) {
        setObserved(ObservedOperations.of(this, queues));
    }

    /** Whether somebody listens, so that a handle must not count on its own. */
    public final boolean isObserved() {
        return observed != null;
    }

    /**
     * Goes through every stripe once: who acted on an earlier residence has finished then.
     *
     * @param timeoutMs for all of them together
     * @param abandon whether to go on without calls into plain backends that do not come back
     * @return false if a stripe could not be had in time
     */
    public final boolean awaitKeyLocks(long timeoutMs, boolean abandon) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        for (int i = 0; i < LOCKS; i++) {
            AbandonableLock stripe = keyLocks.get(i);
            long stamp = stripe.acquireExclusive(TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
            if (stamp != 0) {
                stripe.release(stamp);
            } else if (!abandon) {
                return false;
            } else {
                abandon(i);
            }
        }
        return true;
    }

    /** Goes on without the calls into plain backends that hold a stripe, wherever there are any. */
    public final void abandonCalls() {
        for (int i = 0; i < LOCKS; i++) {
            if (keyLocks.get(i).isInBackend()) {
                abandon(i);
            }
        }
    }

    private void abandon(int index) {
        AbandonableLock stripe = keyLocks.get(index);
        while (!stripe.abandon() && !stripe.isAbandoned()) {
            Thread.onSpinWait(); // it is held for a step on a table
        }
        placement
                .stores()
                .filter(DelegatingStore.class::isInstance)
                .forEach(home -> home.backend().addAbandoned(name, stripe));
        keyLocks.compareAndSet(index, stripe, new AbandonableLock());
    }

    /** Hands one counter over, if it is still due in this residence. */
    public final void transfer(Placement due, String key) {
        if (placement == due && (due.move() == null || due.move().failure() == null)) {
            locked(key, true, pulling);
        }
    }

    /** Takes a counter out of a home of a namespace that has stopped. */
    public final void extract(CounterStore home, String key, CounterStore to) {
        int index = lockIndex(key);
        for (; ; ) {
            AbandonableLock stripe = keyLocks.get(index);
            long stamp = stripe.acquireExclusive(SLICE_MS);
            if (stamp == 0) {
                abandon(index);
                continue;
            }
            try {
                home.transfer(stripe, key, to);
                return;
            } finally {
                stripe.release(stamp);
            }
        }
    }

    @Override
    public String toString() {
        return CounterNames.printable(name);
    }

    public static int lockIndex(String key) {
        return KeyedCell.hash(key) >>> 4 & LOCKS - 1;
    }
}
