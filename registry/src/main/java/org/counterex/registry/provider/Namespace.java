package org.counterex.registry.provider;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
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
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.api.NoBackendException;
import org.counterex.api.backend.AdditionBuffer;
import org.counterex.api.backend.Cell;
import org.counterex.api.backend.CellLookup;
import org.counterex.api.backend.CellUpdate;
import org.counterex.api.backend.KeyedCell;
import org.counterex.api.backend.LongCell;
import org.counterex.api.backend.TrackedCell;

/**
 * The counters of one namespace, wherever they are: the calls of callers, and the hand-over beneath them.
 *
 * <p><b>Invariant.</b> Each counter is one live cell (or one value in a plain backend) in one of the homes of
 * {@link #residence}, but for an instant under its stripe. Two places may hold a part of one counter only where a
 * backend came with counters of its own; its value is the sum then.
 *
 * <p><b>Fast path.</b> {@link #fast} is the table of the current home. What is found there is counted on its cell, without
 * any lock; a sealed cell says so in the result. Nothing is ever concluded from what is <em>not</em> found there, so this
 * field may lag behind {@link #residence} and never has to be compared with it. An idle namespace is always on this path,
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
 * <p><b>Phases of a move</b>, by one mover and any number of callers who help with their own counter:
 *
 * <ol>
 *   <li><em>Close.</em> Publish the same homes, closed: whoever wants to create a counter waits. Go through every stripe
 *       once ({@link #awaitStripes}): after that nobody acts on an earlier residence, and counters only become fewer. Nobody
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
class Namespace implements CounterNamespace {

    /** Answers nothing: where counters are is not known to be a table. */
    private static final CellLookup NOWHERE = new CellLookup() {
        @Override
        public long inc(String key, long step) {
            return Cell.GONE;
        }

        @Override
        public long add(String key, long step) {
            return Cell.GONE;
        }

        @Override
        public long get(String key) {
            return Cell.GONE;
        }
    };

    private static final int STRIPES = 16;

    /** How many keys {@link #forEach} collects at a time, on average: some megabytes. */
    private static final int PASS = 1 << 16;

    /** Each pass goes over all keys: beyond 250 million counters it collects more of them instead. */
    private static final int MOST_PASSES = 1 << 12;

    /** How long to wait for a stripe before looking whether it is still the right one. */
    private static final long SLICE_MS = 50;

    private final String name;
    private final NamespaceHost registrar;
    private final AtomicReferenceArray<AbandonableLock> stripes = new AtomicReferenceArray<>(STRIPES);

    /** Made once: a move hands over by the million. */
    private final Locked<CounterStore> gathering = this::gather;

    private volatile CellLookup fast = NOWHERE;
    private volatile Placement residence;

    /** Tells those who listen; null if nobody does. */
    private volatile ObservedOperations observer;

    Namespace(String name, NamespaceHost registrar, CounterStore home) {
        this.name = name;
        this.registrar = registrar;
        for (int i = 0; i < STRIPES; i++) {
            stripes.set(i, new AbandonableLock());
        }
        publish(null, Placement.settled(home));
        observe(registrar.observer(this));
    }

    @Override
    public final String name() {
        return name;
    }

    /** The fast path: a raw result, {@link Cell#GONE} if it does not lead to a cell. */
    private long counted(String key, long step) {
        CellLookup here = fast;
        KeyedCell[] index = here.index();
        if (index == null) {
            return here.inc(key, step);
        }
        KeyedCell cell = CellLookup.search(index, key);
        if (cell instanceof LongCell own) {
            return own.inc(step);
        }
        return cell instanceof TrackedCell tracked ? tracked.inc(step) : Cell.GONE;
    }

    @Override
    public final long inc(String key) {
        long raw = key == null ? Cell.GONE : counted(key, 1);
        return Cell.isOrdinary(raw) ? raw : unusual(key, 1, 0, raw);
    }

    @Override
    public final long inc(String key, long step) {
        long raw = key == null || !Cell.isSmall(step) ? Cell.GONE : counted(key, step);
        return Cell.isOrdinary(raw) ? raw : unusual(key, step, 0, raw);
    }

    @Override
    public final long inc(String key, long step, long initial) {
        long raw = key == null || !Cell.isSmall(step) || initial == Long.MIN_VALUE ? Cell.GONE : counted(key, step);
        return Cell.isOrdinary(raw) ? raw : unusual(key, step, initial, raw);
    }

    @Override
    public final void add(String key, long step) {
        long raw = key == null || !Cell.isSmall(step) ? Cell.GONE : fast.add(key, step);
        if (Cell.isOrdinary(raw)) {
            return;
        }
        ObservedOperations listening = observer;
        if (!Cell.isGone(raw)) {
            renew(key, raw);
        } else if (listening != null) {
            listening.add(key, step);
        } else {
            step(key, new CellUpdate.Add(representable("step", step), 0), false);
        }
    }

    @Override
    public final OptionalLong get(String key) {
        long raw = key == null ? Cell.GONE : fast.get(key);
        return Cell.isOrdinary(raw) ? OptionalLong.of(raw) : find(key);
    }

    @Override
    public final long set(String key, long value) {
        ObservedOperations listening = observer;
        return listening == null ? doPut(key, value, false) : listening.set(key, value);
    }

    @Override
    public final long reset(String key, long initial) {
        ObservedOperations listening = observer;
        return listening == null ? doPut(key, initial, true) : listening.reset(key, initial);
    }

    @Override
    public final void delete(String key) {
        ObservedOperations listening = observer;
        if (listening == null) {
            doDelete(key);
        } else {
            listening.delete(key);
        }
    }

    @Override
    public final CasResult compareAndSwap(String key, long expected, long newValue) {
        ObservedOperations listening = observer;
        return listening == null
                ? doCompareAndSwap(key, expected, newValue)
                : listening.compareAndSwap(key, expected, newValue);
    }

    @Override
    public final Map<String, Long> all() {
        Map<String, Long> all = new HashMap<>();
        for (String key : keys()) {
            get(key).ifPresent(value -> all.put(key, value));
        }
        return all;
    }

    @Override
    public final void forEach(ObjLongConsumer<String> action) {
        Placement seen = residence;
        // A plain backend makes a map of all its counters at each pass anyway.
        int passes =
                seen.anyHome(DelegatingStore.class::isInstance) ? 1 : (int) Math.min(seen.size() / PASS + 1, MOST_PASSES);
        for (int pass = 0; pass < passes; pass++) {
            int due = pass;
            for (String key : keys(key -> Integer.remainderUnsigned(KeyedCell.hash(key), passes) == due)) {
                get(key).ifPresent(value -> action.accept(key, value));
            }
        }
    }

    @Override
    public final Map<String, Long> drain() {
        ObservedOperations listening = observer;
        return listening == null ? doDrain() : listening.drain();
    }

    @Override
    public final void deleteAll() {
        ObservedOperations listening = observer;
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
    final long unusual(String key, long step, long initial, long raw) {
        if (!Cell.isGone(raw)) {
            return renew(key, raw);
        }
        ObservedOperations listening = observer;
        return listening == null ? stepOn(key, step, initial) : listening.inc(key, step, initial);
    }

    private long stepOn(String key, long step, long initial) {
        return step(key, new CellUpdate.Add(representable("step", step), representable("initial", initial)), true);
    }

    // What an observer has carried out.

    /** Where to try first, also while somebody listens. */
    private CellLookup first(String key, long step) {
        return key != null && Cell.isSmall(step) && residence.current() instanceof TableStore home
                ? home.table()
                : NOWHERE;
    }

    final long doInc(String key, long step, long initial) {
        long raw = initial == Long.MIN_VALUE ? Cell.GONE : first(key, step).inc(key, step);
        if (Cell.isOrdinary(raw)) {
            return raw;
        }
        return Cell.isGone(raw) ? stepOn(key, step, initial) : renew(key, raw);
    }

    final void doAdd(String key, long step) {
        long raw = first(key, step).add(key, step);
        if (Cell.isGone(raw)) {
            step(key, new CellUpdate.Add(representable("step", step), 0), false);
        } else if (!Cell.isOrdinary(raw)) {
            renew(key, raw);
        }
    }

    final long doPut(String key, long value, boolean isReset) {
        return step(key, new CellUpdate.Put(representable(isReset ? "initial" : "value", value), isReset), true);
    }

    /** Returns the final value; empty if the counter was absent. */
    final OptionalLong doDelete(String key) {
        Set<CounterStore> places = new HashSet<>();
        OptionalLong last = take(key, places);
        places.forEach(CounterStore::confirm);
        return last;
    }

    final CasResult doCompareAndSwap(String key, long expected, long newValue) {
        CellUpdate.Swap swap = new CellUpdate.Swap(representable("expected", expected), representable("newValue", newValue));
        long value = step(key, swap, true);
        return new CasResult(swap.swapped(), value);
    }

    final Map<String, Long> doDrain() {
        Map<String, Long> taken = new HashMap<>();
        Set<CounterStore> places = new HashSet<>();
        try {
            for (String key : keys()) {
                take(key, places).ifPresent(value -> taken.put(key, value));
            }
            places.forEach(CounterStore::confirm);
        } catch (CounterException e) {
            if (taken.isEmpty()) {
                throw e;
            }
            registrar.drainEndedEarly(this, taken.size(), e); // what was taken is nowhere else any more
        }
        return taken;
    }

    /** @param deleted told of each counter that was removed */
    final void doDeleteAll(Runnable deleted) {
        Set<CounterStore> places = new HashSet<>();
        keys().forEach(key -> take(key, places).ifPresent(last -> deleted.run()));
        places.forEach(CounterStore::confirm);
    }

    /**
     * Takes a step on a counter, creating it if the step does so.
     *
     * @param told whether the caller wants to know the value
     */
    private long step(String key, CellUpdate step, boolean told) {
        check(key);
        Placement seen = residence;
        if (seen.isSettled() && seen.current() instanceof TableStore home) {
            Cell cell = home.table().find(key);
            long done = cell == null ? Cell.GONE : home.table().apply(key, cell, step);
            if (done != Cell.GONE) {
                home.confirm();
                return done;
            }
        }
        CounterStore[] place = new CounterStore[1];
        try {
            long done = locked(key, false, (stripe, now, k) -> {
                CounterStore home = gather(stripe, now, k);
                place[0] = home;
                boolean mayCreate = !now.closed() && home != UnplacedStore.UNBORN;
                if (!mayCreate && step.creates() && home.isAbsent(stripe, key)) {
                    return null;
                }
                long applied = home.apply(stripe, key, step, told);
                return applied == Cell.GONE ? null : applied;
            });
            place[0].confirm();
            if (!told && place[0] instanceof SharedStore home) {
                show(home);
            }
            return done;
        } catch (CapacityExceededException e) {
            registrar.capacityExceeded(this, e);
            throw e;
        }
    }

    /** {@link #get}, where the fast path does not tell. */
    private OptionalLong find(String key) {
        check(key);
        Placement seen = residence;
        if (seen.isSettled() && seen.current() instanceof TableStore home) {
            Cell cell = home.table().find(key);
            long value = cell == null ? Cell.GONE : cell.get();
            if (value != Cell.GONE) {
                return OptionalLong.of(value);
            }
            if (cell == null && residence == seen) {
                return OptionalLong.empty();
            }
        }
        return locked(key, false, (stripe, now, k) -> gather(stripe, now, k).get(stripe, k));
    }

    /**
     * Removes a counter and returns its final value.
     *
     * @param places gets where it was removed, to be {@linkplain CounterStore#confirm confirmed}
     */
    private OptionalLong take(String key, Set<CounterStore> places) {
        check(key);
        return locked(key, true, (stripe, now, k) -> {
            CounterStore home = gather(stripe, now, k);
            places.add(home);
            return home.remove(stripe, k);
        });
    }

    /**
     * After a raw result that was counted: lets another cell take over if it is needed, and reads the value if the result does
     * not tell it. Whatever comes between, it was counted, so this refuses nothing.
     */
    private long renew(String key, long raw) {
        try {
            return locked(key, true, (stripe, now, k) -> {
                CounterStore home = gather(stripe, now, k);
                if (home instanceof TableStore table) {
                    return table.table().renewed(k, raw);
                }
                long value = home.get(stripe, k).orElse(0); // asked anyway: what was added is sent before that
                return raw != Cell.COUNTED ? raw : value;
            });
        } catch (CounterException e) {
            return raw != Cell.COUNTED ? raw : 0; // it cannot be read any more
        }
    }

    /** The cell of a counter, for a handle to keep; null if there is none. */
    final Cell cell(String key) {
        return residence.current() instanceof TableStore home ? home.table().find(key) : null;
    }

    /** The open cell for what is added to a counter, for a handle to keep; null if additions have to be called for. */
    final LongCell addition(String key) {
        return fast instanceof AdditionBuffer open ? open.find(key) : null;
    }

    /**
     * Brings a counter to the current home, if it is elsewhere.
     *
     * @return where it is now, or would be if it were there: the current home, or the source that it could not leave
     */
    private CounterStore gather(AbandonableLock stripe, Placement now, String key) {
        for (CounterStore source : now.sources()) {
            try {
                long value = source.handOver(stripe, key, now.current());
                if (value != Cell.GONE) {
                    handedOver(now, source, key, value);
                }
            } catch (AbandonableLock.AbandonedException e) {
                throw e;
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                if (now.move() != null) {
                    now.move().fail(e);
                }
                if (now.homes().anyMatch(other -> other != source && !other.isAbsent(stripe, key))) {
                    throw new BackendUnavailableException(
                            "a part of the counter is out of reach (" + e.getMessage() + ")", name, false, e);
                }
                return source;
            }
        }
        return now.current();
    }

    private static void handedOver(Placement now, CounterStore source, String key, long value) {
        OngoingMove move = now.move();
        if (move == null) {
            return;
        }
        if (source.backend() != now.current().backend()) {
            move.handedOver(value);
        }
        if (now.current() instanceof TableStore home && value < home.table().lowest()) {
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
        DelegatingStore.refuseFromInside(name);
        int index = stripe(key);
        long begun = 0; // the clock is looked at by those who wait: for others it would be a good part of the call
        for (; ; ) {
            Placement now = residence;
            AbandonableLock stripe = stripes.get(index);
            boolean shared = !alone && !now.closed() && now.isSettled() && now.current() instanceof DelegatingStore;
            long stamp = shared ? stripe.shared(SLICE_MS) : stripe.exclusive(SLICE_MS);
            if (stamp == 0) {
                if (begun == 0) {
                    begun = System.nanoTime();
                }
                // A mover gives up first, and then there is a way; and nobody waits for long who holds it on our side.
                long times = now.closed() || !now.isSettled() ? 3 : 1;
                long timeout = TimeUnit.MILLISECONDS.toNanos(times * registrar.callTimeoutMs());
                if (System.nanoTime() - begun > timeout && stripe.isForeign()) {
                    throw new BackendUnavailableException(
                            "backend " + now.current().label() + " does not answer in time", name, false, null);
                }
                continue;
            }
            try {
                if (stripes.get(index) != stripe || shared && residence != now) {
                    continue;
                }
                now = residence;
                if (now.current() == UnplacedStore.STOPPED) {
                    throw new NoBackendException("this service has stopped", name);
                }
                registrar.requireBackend(this, now);
                R result = action.apply(stripe, now, key);
                if (result != null) {
                    return result;
                }
            } catch (AbandonableLock.AbandonedException e) {
                throw new BackendUnavailableException(
                        "backend " + now.current().label() + " did not come back", name, true, e);
            } finally {
                stripe.release(stamp);
            }
            makeWay(now);
        }
    }

    /** After a residence did not allow to create a counter: waits or sees to it that the next one does. */
    private void makeWay(Placement now) {
        if (now.closed()) {
            Thread.yield(); // for a mover that reserves room, some microseconds
        } else if (now.current() == UnplacedStore.UNBORN) {
            registrar.settle(this, now);
        } else {
            registrar.renewTable(this, now);
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
            Placement seen = residence;
            if (seen.current() == UnplacedStore.STOPPED) {
                throw new NoBackendException("this service has stopped", name);
            }
            if (seen.current() instanceof DetachedStore away) {
                throw away.refusal();
            }
            registrar.requireBackend(this, seen);
            try {
                seen.homes()
                        .forEach(home -> home.keys(key -> {
                            if (wanted.test(key)) {
                                keys.add(key);
                            }
                        }));
            } catch (CounterException e) {
                if (residence == seen) {
                    throw e;
                }
            }
            if (residence == seen) {
                return keys; // a counter that moved meanwhile was in a source when that was looked at, or came after it
            }
        }
    }

    // What follows is for the mover.

    final Placement residence() {
        return residence;
    }

    /** Replaces the residence if it is the expected one. */
    final synchronized boolean publish(Placement expected, Placement next) {
        if (residence != expected) {
            return false;
        }
        residence = next;
        lead();
        return true;
    }

    private void lead() {
        fast = observer == null ? way(residence) : NOWHERE;
    }

    private static CellLookup way(Placement residence) {
        CellLookup way = null;
        if (residence.current() instanceof TableStore home) {
            way = home.table();
        } else if (mayShow(residence)) {
            way = ((SharedStore) residence.current()).additions();
        }
        return way == null ? NOWHERE : way;
    }

    private static boolean mayShow(Placement residence) {
        return residence.current() instanceof SharedStore && residence.isSettled() && !residence.closed();
    }

    /** After an addition through a stripe: shows what may be added to without, if it is not shown yet. */
    private void show(SharedStore home) {
        if (observer == null && fast != home.additions() && mayShow(residence)) {
            synchronized (this) {
                lead();
            }
        }
    }

    /**
     * From now on calls are told to those who listen. A call that has begun may not be.
     *
     * @param next who tells them; null if nobody listens
     */
    final synchronized void observe(ObservedOperations next) {
        observer = next;
        lead();
    }

    /** Whether somebody listens, so that a handle must not count on its own. */
    final boolean isObserved() {
        return observer != null;
    }

    /**
     * Goes through every stripe once: who acted on an earlier residence has finished then.
     *
     * @param timeoutMs for all of them together
     * @param abandon whether to go on without calls into plain backends that do not come back
     * @return false if a stripe could not be had in time
     */
    final boolean awaitStripes(long timeoutMs, boolean abandon) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        for (int i = 0; i < STRIPES; i++) {
            AbandonableLock stripe = stripes.get(i);
            long stamp = stripe.exclusive(TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
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
    final void abandonCalls() {
        for (int i = 0; i < STRIPES; i++) {
            if (stripes.get(i).isForeign()) {
                abandon(i);
            }
        }
    }

    private void abandon(int index) {
        AbandonableLock stripe = stripes.get(index);
        while (!stripe.abandon() && !stripe.isAbandoned()) {
            Thread.onSpinWait(); // it is held for a step on a table
        }
        residence
                .homes()
                .filter(DelegatingStore.class::isInstance)
                .forEach(home -> home.backend().await(name, stripe));
        stripes.compareAndSet(index, stripe, new AbandonableLock());
    }

    /** Hands one counter over, if it is still due in this residence. */
    final void handOver(Placement due, String key) {
        if (residence == due && (due.move() == null || due.move().failure() == null)) {
            locked(key, true, gathering);
        }
    }

    /** Takes a counter out of a home of a namespace that has stopped. */
    final void evict(CounterStore home, String key, CounterStore to) {
        int index = stripe(key);
        for (; ; ) {
            AbandonableLock stripe = stripes.get(index);
            long stamp = stripe.exclusive(SLICE_MS);
            if (stamp == 0) {
                abandon(index);
                continue;
            }
            try {
                home.handOver(stripe, key, to);
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

    static int stripe(String key) {
        return KeyedCell.hash(key) >>> 4 & STRIPES - 1;
    }
}
