package org.counterex.registry.provider.migration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.NoBackendException;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.registry.provider.event.ListenerRegistry;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.namespace.NamespaceHost;
import org.counterex.registry.provider.namespace.ObservedOperations;
import org.counterex.registry.provider.namespace.RootNamespace;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.DetachedStore;
import org.counterex.registry.provider.placement.OngoingMove;
import org.counterex.registry.provider.placement.ParkingTable;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.SharedStore;
import org.counterex.registry.provider.placement.TableStore;
import org.counterex.registry.provider.placement.UnplacedStore;
import org.counterex.registry.provider.routing.PlacementResolver;
import org.counterex.registry.provider.routing.RoutingState;
import org.counterex.registry.provider.snapshot.SnapshotFile;
import org.counterex.support.log.ServiceLog;

/**
 * Brings every namespace to where it resolves, whenever an input of the resolution changes.
 *
 * <p><b>Threads.</b> Changes may be told by any thread; one thread of this class carries them out, one after the other, each
 * by the inputs as they are when its turn comes. What callers do themselves ({@link #place}, {@link #replaceExhaustedTable}) goes
 * by compare-and-set on the residence of the namespace and may meet a move half way; see {@link Namespace}.
 *
 * <p><b>Bounds.</b> Tables are moved by this thread itself. Everything that calls a plain backend runs on another one and is
 * waited for as long as configured; a voluntary move is undone then, and a leaving backend is abandoned.
 *
 * <p>No lock is held while anything foreign is called, but for the stripe of the key that is handed over.
 *
 * <p>It is one class because each of its parts is a way to begin or end the same move.
 */
public final class Mover implements NamespaceHost {

    /** A backend cannot make a table: it is no place for the namespace. */
    private static final class UnusableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnusableException(BackendHandle backend, Throwable cause) {
            super("backend " + backend + " makes no table (" + cause + ")", cause);
        }
    }

    private static final String BOTH_KEEP =
            "both keep their values, and a crash in between would leave them in both: move it into memory first";

    /** How long tables may take: a bound for what cannot hang, in case it does. */
    private static final long TABLES_TIMEOUT_MS = 60_000;

    private static final ThreadFactory DAEMONS = task -> {
        Thread thread = new Thread(task, "counterex-mover");
        thread.setDaemon(true);
        thread.setContextClassLoader(null); // that of whoever comes first could belong to a bundle that leaves
        return thread;
    };

    private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor controlThread = new ScheduledThreadPoolExecutor(1, DAEMONS);
    private final ExecutorService backendCalls = Executors.newCachedThreadPool(DAEMONS);
    private final CountDownLatch shutdownDone = new CountDownLatch(1);
    private final RootNamespace counters;
    private final MoveLog audit;
    private final AdminEventDispatcher events;
    private final ListenerRegistry telemetry;
    private final ServiceLog log;
    private final long callTimeoutMs;
    private final long parkingLimitMs;

    /** What services have yet to delete, also while they are not bound. */
    private final Map<CounterBackend, Map<String, Set<String>>> pendingDeletes =
            Collections.synchronizedMap(new WeakHashMap<>());

    /** Told where namespaces are whose values a backend keeps; what is told next is all there is. */
    private final Consumer<Map<String, String>> retention;

    /** Whether that is about to be told. */
    private final AtomicBoolean updatePending = new AtomicBoolean();

    private final RoutingState routing = new RoutingState();
    private volatile boolean backendSeen;
    private volatile boolean stopped;

    /** Counts what is handed over, by one thread at a time: as long as it moves, nothing hangs. */
    private volatile long progress;

    /**
     * @param callTimeoutMs how long a call or a move waits for a plain backend
     * @param parkingLimitMs how long callers may count on parked counters; 0 for ever
     * @param keepers told, by one thread at a time, whenever it has changed: by namespace the backend that keeps its values
     */
    public Mover(
            MoveLog audit,
            AdminEventDispatcher events,
            ListenerRegistry telemetry,
            ServiceLog log,
            long callTimeoutMs,
            long parkingLimitMs,
            Consumer<Map<String, String>> keepers) {
        this.retention = keepers;
        this.audit = audit;
        this.events = events;
        this.telemetry = telemetry;
        this.log = log;
        this.callTimeoutMs = callTimeoutMs;
        this.parkingLimitMs = parkingLimitMs;
        controlThread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // A thread keeps the classes that were on the stack when it was started: not those of a bundle that comes
        // later.
        controlThread.prestartCoreThread();
        counters = new RootNamespace(this);
        namespaces.put(counters.name(), counters);
        telemetry.setTargets(namespaces.values());
    }

    /** The namespace that gives every other one. */
    public RootNamespace counters() {
        return counters;
    }

    // Namespaces

    /** The namespace of a valid name; it is made if it was never asked for. */
    public Namespace namespace(String name) {
        Namespace known = namespaces.get(name);
        return known != null ? known : make(name);
    }

    private Namespace make(String name) {
        Namespace made =
                namespaces.computeIfAbsent(name, absent -> new Namespace(absent, this, UnplacedStore.UNPLACED));
        telemetry.refresh(made); // a listener may have come since it was made, and have found it nowhere
        return made;
    }

    /** The namespace of a name if it was ever asked for; otherwise null. */
    public Namespace known(String name) {
        return namespaces.get(name);
    }

    public Collection<Namespace> namespaces() {
        return namespaces.values();
    }

    public RoutingState routing() {
        return routing;
    }

    public PlacementResolver resolver() {
        return routing.current();
    }

    @Override
    public long callTimeoutMs() {
        return callTimeoutMs;
    }

    @Override
    public void requireBackend(Namespace namespace, Placement seen) {
        if (seen.active() == UnplacedStore.UNPLACED && !backendSeen) {
            throw new NoBackendException("no backend is active", namespace.name());
        }
    }

    @Override
    public ObservedOperations observer(Namespace namespace) {
        return ObservedOperations.of(namespace, telemetry.queues(namespace.name()));
    }

    @Override
    public void capacityExceeded(Namespace namespace, CapacityExceededException refusal) {
        events.capacityExceeded(namespace.name(), namespace.placement().active().label(), refusal.getMessage());
    }

    @Override
    public void drainEndedEarly(Namespace namespace, int taken, Exception reason) {
        log.warn("drain of " + namespace + " ended early: taken=" + taken + " reason=" + reason.getMessage());
    }

    @Override
    public void place(Namespace namespace, Placement seen) {
        if (stopped) {
            namespace.publish(seen, Placement.settled(UnplacedStore.STOPPED));
            return;
        }
        requireBackend(namespace, seen);
        PlacementResolver current = resolver();
        for (PlacementResolver.Choice choice : current.choices(namespace.name())) {
            BackendHandle backend = choice.backend();
            if (backend.acquire()) {
                try {
                    adopt(namespace, seen, storeFor(backend, namespace));
                } catch (UnusableException e) {
                    log.warn("namespace " + namespace + " is not born where it resolves: " + e.getMessage(), e);
                    continue;
                } finally {
                    backend.release();
                }
                if (resolver() != current) {
                    submit(() -> reconcile("birth of namespace")); // it may belong elsewhere by now
                }
                return;
            }
        }
        adopt(namespace, seen, parking(namespace));
        submit(() -> reconcile("birth of namespace"));
    }

    private void adopt(Namespace namespace, Placement seen, CounterStore home) {
        if (namespace.publish(seen, Placement.settled(home))) {
            activate(home);
            if (home.retainsValues()) {
                requestRetentionUpdate();
            }
        } else {
            discardUnused(home);
        }
    }

    @Override
    public void replaceExhaustedTable(Namespace namespace, Placement seen) {
        BackendHandle backend = seen.active().backend();
        if (namespace.placement() != seen || !backend.acquire()) {
            Thread.onSpinWait(); // a move is under way, or about to be
            return;
        }
        try {
            CounterStore home = storeFor(backend, namespace);
            if (switchStore(namespace, seen, home, residence -> residence.movingTo(home, residence.move()), false)
                    == null) {
                activate(home);
            } else {
                discardUnused(home);
            }
        } finally {
            backend.release();
        }
        submit(() -> transfer(namespace));
    }

    // Inputs

    /** Replaces the inputs of the resolution; nothing is moved before {@link #reconcile}. */
    public void change(UnaryOperator<PlacementResolver> change) {
        routing.update(change);
    }

    /** A backend has come. */
    public void bind(BackendHandle backend) {
        backend.sharePendingDeletes(
                pendingDeletes.computeIfAbsent(backend.service(), unknown -> new ConcurrentHashMap<>()));
        backend.loadRestored();
        change(inputs -> {
            List<BackendHandle> more = new ArrayList<>(inputs.backends());
            more.add(backend);
            return new PlacementResolver(inputs.routes(), more);
        });
        backendSeen = true;
        events.backendArrived(backend.describe());
        submit(() -> {
            absorb(backend);
            reconcile("bind of " + backend);
            return null;
        });
    }

    /** The service properties of a backend have changed. */
    public void update(BackendHandle backend) {
        change(inputs -> new PlacementResolver(inputs.routes(), inputs.backends()));
        submit(() -> reconcile("update of " + backend));
    }

    /** A backend is leaving; when this returns nothing calls it any more. */
    public void unbind(BackendHandle backend) {
        change(inputs -> new PlacementResolver(
                inputs.routes(),
                inputs.backends().stream().filter(other -> other != backend).toList()));
        if (!backend.stopPlacements(callTimeoutMs)) {
            log.warn("backend " + backend + " leaves while it is still being looked at");
        }
        await(submit(() -> {
            evacuate(backend);
            return null;
        }));
        if (!backend.close(callTimeoutMs)) {
            log.warn("backend " + backend + " has left while it was still being looked at");
        }
        events.backendLeft(backend.describe());
        submit(() -> reconcile("unbind of " + backend)); // what had to be parked in haste may fit elsewhere
    }

    /** Moves whatever does not live where it resolves. For the thread of this class. */
    public List<MoveDTO> reconcile(String cause) {
        long before = audit.last();
        resolver().backends().forEach(this::retryDeletes);
        for (Namespace namespace : namespaces.values()) {
            runSafely(namespace, () -> {
                reconcile(namespace, cause);
                join(namespace);
            });
        }
        return audit.since(before);
    }

    private void retryDeletes(BackendHandle backend) {
        if (backend.tables() == null) {
            try {
                bounded(Stream.of(new DelegatingStore(backend, "")), () -> {
                    backend.retryDeletes();
                    return null;
                });
            } catch (TimeoutException | RuntimeException e) {
                log.warn("backend " + backend + " does not delete what was moved out of it: " + e.getMessage(), e);
            }
        }
    }

    /** Does something to one namespace; if that fails, the others go on. */
    private void runSafely(Namespace namespace, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            log.error("namespace " + namespace + " could not be seen to", e);
        }
    }

    private void reconcile(Namespace namespace, String cause) {
        resume(namespace, cause);
        transfer(namespace);
        CounterStore home = namespace.placement().active();
        if (home instanceof UnplacedStore) {
            return;
        }
        if (home instanceof DetachedStore away && away.retainingBackend() != null) {
            for (BackendHandle backend : resolver().backends()) {
                if (isRetainedBy(backend, away) && isInPlace(move(namespace, backend, cause, false))) {
                    reconcile(namespace, cause); // it may belong elsewhere by now
                    return;
                }
            }
            return;
        }
        if (home.retainsValues() && !resolver().backends().contains(home.backend())) {
            return; // it is about to leave, and its values with it
        }
        boolean parked = home.backend() == null;
        for (PlacementResolver.Choice choice : resolver().choices(namespace.name())) {
            if (choice.backend() == home.backend()) {
                return;
            }
            boolean moved = isInPlace(move(namespace, choice.backend(), cause, false));
            if (moved || !parked) {
                return;
            }
        }
    }

    private static boolean isInPlace(MoveDTO record) {
        return record.outcome == MoveDTO.Outcome.MOVED || record.outcome == MoveDTO.Outcome.UNCHANGED;
    }

    /**
     * Moves one namespace now. For the thread of this class.
     *
     * @throws MoveRefusedException the backend cannot hold it, or did not answer
     */
    public MoveDTO swap(Namespace namespace, BackendHandle backend) {
        MoveDTO record = move(namespace, backend, "swap", false);
        if (!isInPlace(record)) {
            throw new MoveRefusedException(namespace.name(), backend.label(), record.reason);
        }
        return record;
    }

    /**
     * Has the backend of a namespace keep what there is now.
     *
     * @throws BackendUnavailableException it cannot
     */
    public void flush(Namespace namespace) {
        BackendHandle backend = namespace.placement().active().backend();
        if (backend != null && backend.acquireForRead()) {
            try {
                backend.service().flush(namespace.name());
            } finally {
                backend.release();
            }
        }
    }

    // Moves

    /**
     * Moves a namespace to a backend, or to parking.
     *
     * @param leaving whether the source is leaving, so that calls that hang in it are abandoned
     */
    private MoveDTO move(Namespace namespace, BackendHandle backend, String cause, boolean leaving) {
        Placement before = namespace.placement();
        OngoingMove move = new OngoingMove(
                namespace.name(),
                before.active().label(),
                backend == null ? CounterStore.PARKING : backend.label(),
                cause);
        if (before.active() == UnplacedStore.UNPLACED) {
            return move.record(MoveDTO.Outcome.MOVED, "it has no counters yet");
        }
        if (backend != null && before.active().backend() == backend) {
            return move.record(MoveDTO.Outcome.UNCHANGED, "");
        }
        if (before.active() instanceof DetachedStore away
                && away.retainingBackend() != null
                && !isRetainedBy(backend, away)) {
            return audit.add(move.record(
                    MoveDTO.Outcome.REFUSED, "backend " + away.retainingBackend() + " keeps the values and has left"));
        }
        if (backend != null && backend.retainsValues() && isRetainedElsewhere(before, backend)) {
            return audit.add(move.record(MoveDTO.Outcome.REFUSED, BOTH_KEEP));
        }
        if (backend != null && !backend.hasNoPendingDeletes(namespace.name())) {
            return audit.add(move.record(MoveDTO.Outcome.REFUSED, "it has yet to delete what was moved out of it"));
        }
        if (backend != null && !backend.acquire()) {
            return audit.add(move.record(MoveDTO.Outcome.REFUSED, "the backend is leaving"));
        }
        String refusal;
        try {
            CounterStore home = backend == null ? parking(namespace) : storeFor(backend, namespace);
            probe(before, home);
            refusal = switchStore(namespace, null, home, residence -> residence.movingTo(home, move), leaving);
            if (refusal == null) {
                activate(home);
            } else {
                discardUnused(home);
            }
        } catch (UnusableException | BackendUnavailableException e) {
            refusal = e.getMessage();
        } catch (TimeoutException e) {
            refusal = "backend " + backend + " does not answer in time";
        } finally {
            if (backend != null) {
                backend.release();
            }
        }
        return refusal == null
                ? complete(namespace, move, before.active())
                : audit.add(move.record(MoveDTO.Outcome.REFUSED, refusal));
    }

    private void probe(Placement before, CounterStore target) throws TimeoutException {
        if (target instanceof DelegatingStore plain && !before.anyStore(home -> home == plain)) {
            probe(plain);
        }
        if (before.active() instanceof SharedStore shared && target != shared) {
            probe(shared);
        }
    }

    private void probe(DelegatingStore home) throws TimeoutException {
        bounded(Stream.of(home), () -> {
            home.probe();
            return null;
        });
    }

    private static boolean isRetainedElsewhere(Placement residence, BackendHandle backend) {
        return residence.anyStore(home -> home.retainsValues() && home.backend() != backend);
    }

    private static boolean isRetainedBy(BackendHandle backend, DetachedStore away) {
        return backend != null && backend.label().equals(away.retainingBackend());
    }

    /** Carries a move through that has begun, or back. */
    private MoveDTO complete(Namespace namespace, OngoingMove move, CounterStore origin) {
        boolean inTime = transfer(namespace);
        Placement now = namespace.placement();
        if (now.move() != move) {
            return audit.add(
                    now.isSettled() && now.active() != UnplacedStore.STOPPED
                            ? move.record(MoveDTO.Outcome.MOVED, move.remark())
                            : move.record(MoveDTO.Outcome.OVERTAKEN, "the registry stops"));
        }
        if (!inTime) {
            move.fail("a backend does not answer in time");
            namespace.abandonCalls();
        }
        rollBack(namespace, origin);
        return audit.add(move.record(MoveDTO.Outcome.UNDONE, move.failure()));
    }

    /** After a move that failed: back to where it came from, or to parking if that has gone or fails as well. */
    private void rollBack(Namespace namespace, CounterStore origin) {
        BackendHandle backend = origin.backend();
        if (backend != null && backend.hasNoPendingDeletes(namespace.name()) && backend.acquire()) {
            boolean back;
            try {
                back = transferTo(namespace, storeFor(backend, namespace));
            } finally {
                backend.release();
            }
            if (back) {
                return;
            }
        }
        transferTo(namespace, parking(namespace));
    }

    private boolean transferTo(Namespace namespace, CounterStore home) {
        OngoingMove back = new OngoingMove(namespace.name(), "", home.label(), "undo");
        if (switchStore(namespace, null, home, residence -> residence.movingTo(home, back), true) != null) {
            discardUnused(home);
            return false;
        }
        activate(home);
        if (!transfer(namespace)) {
            namespace.abandonCalls();
            return false;
        }
        return back.failure() == null;
    }

    /**
     * Begins a move: closes, reserves, publishes. See {@link Namespace}.
     *
     * @param expected the residence to begin from; null for whatever there is
     * @return why it did not begin; null if it did
     */
    private String switchStore(
            Namespace namespace,
            Placement expected,
            CounterStore target,
            UnaryOperator<Placement> next,
            boolean leaving) {
        Placement before;
        Placement closed;
        do {
            before = namespace.placement();
            if (expected != null && before != expected || before.active() == UnplacedStore.STOPPED) {
                return "another move is under way";
            }
            closed = before.freeze();
            if (before.frozen()) {
                LockSupport.parkNanos(10_000);
            }
        } while (before.frozen() || !namespace.publish(before, closed));
        Placement after = before;
        try {
            String refusal = refusal(namespace, before, target, leaving);
            if (refusal == null) {
                after = next.apply(before);
            }
            return refusal;
        } finally {
            namespace.publish(closed, after);
        }
    }

    private String refusal(Namespace namespace, Placement before, CounterStore target, boolean leaving) {
        if (!namespace.awaitKeyLocks(callTimeoutMs, leaving)) {
            return "calls into " + before.active().label() + " do not end in time";
        }
        String open = closed(namespace, before, target);
        if (open != null) {
            return open;
        }
        if (!(target instanceof TableStore table)) {
            return null;
        }
        try {
            long counters = bounded(before.stores(), before::size);
            if (table.table().lowest() == 0) {
                String below = belowZero(before);
                if (below != null) {
                    return "it holds no value below 0: " + below;
                }
            }
            return switch (table.reserve(counters)) {
                case GRANTED -> presize(table, counters) || leaving ? null : "there is no memory for so many counters";
                case FULL, EXHAUSTED -> "it holds " + table.table().capacity() + " counters, there are " + counters;
            };
        } catch (BackendUnavailableException | TimeoutException e) {
            // An estimate that is too low costs a place that a new counter could have had, at worst.
            return leaving && table.backend() == null ? null : "a backend does not answer";
        }
    }

    /**
     * Before counters are taken from a backend that others use too: what is added there without a call into it comes to an end.
     *
     * @return why not; null if it has, or if nothing is taken, as then the backend goes on answering for it
     */
    private String closed(Namespace namespace, Placement before, CounterStore target) {
        if (!(before.active() instanceof SharedStore home) || home.additions() == null) {
            return null;
        }
        try {
            bounded(Stream.of(home), () -> {
                home.closeAdditions();
                return null;
            });
            return null;
        } catch (TimeoutException | RuntimeException e) {
            String problem = "additions in " + home.label() + " do not end"
                    + (e instanceof TimeoutException ? " in time" : ": " + e.getMessage());
            if (!(target instanceof DetachedStore || target instanceof UnplacedStore)) {
                return problem;
            }
            log.warn("namespace " + namespace + ": " + problem, e);
            return null;
        }
    }

    /** Has a new table make room at once; false if there is no memory for that, and then it has to grow, if it can. */
    private static boolean presize(TableStore home, long counters) {
        try {
            if (home.size() == 0) { // one that came with counters has been given to others already
                home.table().presize(counters);
            }
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    private static String belowZero(Placement before) {
        String[] below = new String[1];
        before.stores()
                .filter(TableStore.class::isInstance)
                .map(TableStore.class::cast)
                .forEach(home -> home.keys(key -> {
                    var cell = home.table().find(key);
                    if (cell != null && cell.get() != Cell.SEALED && cell.get() < 0) {
                        below[0] = "key=" + CounterNames.printable(key) + " value=" + cell.get();
                    }
                }));
        return below[0];
    }

    /**
     * Hands over what is still elsewhere, until the namespace is settled or its move has failed.
     *
     * @return false if a plain backend did not answer in time
     */
    private boolean transfer(Namespace namespace) {
        if (namespace.placement().isSettled()) {
            return true;
        }
        try {
            bounded(namespace.placement().stores(), () -> {
                transferAll(namespace);
                return null;
            });
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private void transferAll(Namespace namespace) {
        int passes = 0;
        for (; ; ) {
            Placement due = namespace.placement();
            if (due.isSettled() || due.move() != null && due.move().failure() != null) {
                return;
            }
            if (due.frozen()) {
                LockSupport.parkNanos(10_000);
                continue;
            }
            try {
                for (CounterStore source : due.sources()) {
                    source.keys(key -> {
                        namespace.transfer(due, key);
                        progress++;
                    });
                }
                // Who hands a last counter over has then removed it, and noted what came of it.
                boolean quiet = namespace.awaitKeyLocks(callTimeoutMs, false);
                boolean empty = due.sources().stream().allMatch(CounterStore::isEmpty);
                if (quiet && empty) {
                    finish(namespace, due);
                } else if (namespace.placement() == due && ++passes > 2) {
                    throw new IllegalStateException("counters stay behind");
                }
            } catch (RuntimeException e) {
                if (due.move() == null) {
                    throw e;
                }
                due.move().fail(e);
            }
        }
    }

    /** The end of a move. */
    private void finish(Namespace namespace, Placement due) {
        boolean failed = due.move() != null && due.move().failure() != null;
        if (!failed && namespace.publish(due, Placement.settled(due.active()))) {
            if (due.active() instanceof TableStore home) {
                home.releaseReservation();
            } else if (due.active() instanceof DelegatingStore home) {
                home.releaseReservation();
            } else if (due.active() instanceof DetachedStore home) {
                home.releaseReservation();
            }
            // In this order: what a file holds goes out of it only after it is safe elsewhere.
            flush(namespace, due.active(), due.move());
            due.sources().forEach(Mover::closed);
            due.sources().forEach(source -> flush(namespace, source, due.move()));
            if (due.stores().anyMatch(CounterStore::retainsValues)) {
                requestRetentionUpdate();
            }
        }
    }

    /** Has it told by the thread of this class which backend keeps the values of which namespace, once for many changes. */
    private void requestRetentionUpdate() {
        if (updatePending.compareAndSet(false, true)) {
            submit(() -> {
                updatePending.set(false);
                retention.accept(retention());
                return null;
            });
        }
    }

    /** By namespace the backend that keeps its values, whether it is here or away. */
    private Map<String, String> retention() {
        Map<String, String> all = new HashMap<>();
        for (Namespace namespace : namespaces.values()) {
            CounterStore home = namespace.placement().active();
            String keeper = home.retainsValues()
                    ? home.backend().label()
                    : home instanceof DetachedStore away ? away.retainingBackend() : null;
            if (keeper != null) {
                all.put(namespace.name(), keeper);
            }
        }
        return all;
    }

    /** Has a backend that keeps its values keep what there is now. A failure undoes nothing: it goes on trying. */
    private void flush(Namespace namespace, CounterStore home, OngoingMove move) {
        if (!home.retainsValues()) {
            return;
        }
        BackendHandle backend = home.backend();
        try {
            bounded(Stream.of(new DelegatingStore(backend, namespace.name())), () -> {
                backend.service().flush(namespace.name());
                return null;
            });
        } catch (TimeoutException | RuntimeException e) {
            String problem = "backend " + backend + " has not written it yet"
                    + (e instanceof TimeoutException ? "" : ": " + e.getMessage());
            log.warn("namespace " + namespace + ": " + problem, e);
            if (move != null) {
                move.remark(problem);
            }
        }
    }

    /** Runs something here if it concerns tables alone, elsewhere if foreign code is called, and then not for long without progress. */
    private <R> R bounded(Stream<CounterStore> homes, Callable<R> task) throws TimeoutException {
        boolean foreign = homes.anyMatch(DelegatingStore.class::isInstance);
        Future<R> result = null;
        try {
            if (!foreign) {
                return task.call();
            }
            result = backendCalls.submit(task);
            for (; ; ) {
                long before = progress;
                try {
                    return result.get(callTimeoutMs, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (progress == before) {
                        throw e;
                    }
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            result.cancel(true);
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("interrupted");
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // Leaving and coming

    private void evacuate(BackendHandle backend) {
        for (Namespace namespace : namespaces.values()) {
            runSafely(namespace, () -> {
                if (namespace.placement().anyStore(home -> home.backend() == backend)) {
                    evacuate(namespace, backend);
                }
            });
        }
        backend.returnRestored();
        // Who read where counters were before all this may be about to call the backend: only after that it may go.
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(callTimeoutMs);
        for (Namespace namespace : namespaces.values()) {
            namespace.awaitKeyLocks(TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()), false);
        }
    }

    private void evacuate(Namespace namespace, BackendHandle backend) {
        String cause = "unbind of " + backend;
        TableStore kept =
                backend.tables() != null && backend.retainsValues() ? newRetentionStore(backend, namespace) : null;
        try {
            evacuate(namespace, backend, cause, kept);
        } finally {
            abandon(namespace, backend, cause, kept);
            if (kept != null) {
                kept.releaseReservation();
                backend.tables().retain(kept.table());
            }
            if (namespace.placement().active() instanceof DetachedStore away) {
                away.releaseRetentionStore();
            }
        }
    }

    private void evacuate(Namespace namespace, BackendHandle backend, String cause, TableStore kept) {
        if (namespace.placement().active().backend() != backend) {
            transfer(namespace);
            return;
        }
        if (backend.retainsValues()) {
            detach(namespace, backend, kept);
            return;
        }
        for (PlacementResolver.Choice choice : resolver().choices(namespace.name())) {
            if (isInPlace(move(namespace, choice.backend(), cause, true))) {
                break;
            }
        }
        if (namespace.placement().active().backend() == backend) {
            move(namespace, null, cause, true);
        }
    }

    /** Callers may add from now on, and nothing else; the values stay with the backend. */
    private void detach(Namespace namespace, BackendHandle backend, TableStore kept) {
        DetachedStore away = new DetachedStore(namespace.name(), backend.label(), parking(namespace), kept);
        switchStore(
                namespace,
                null,
                away,
                residence -> kept != null
                        ? residence.movingTo(away, null)
                        : residence.movingTo(away, null).without(residence.active()),
                true);
        transfer(namespace);
        log.info("namespace " + namespace + " waits for " + backend + ", which keeps its values");
    }

    /**
     * A place in a keeper with tables for the counters that stay with it. It is another table, so that every cell on which
     * anybody might still count is sealed, and no count comes after the last that is written.
     */
    private static TableStore newRetentionStore(BackendHandle backend, Namespace namespace) {
        TableStore kept = new TableStore(backend, backend.tables().create(namespace.name()));
        long counters = namespace
                .placement()
                .stores()
                .filter(home -> home.backend() == backend)
                .mapToLong(CounterStore::size)
                .sum();
        kept.reserve(counters);
        presize(kept, counters);
        return kept;
    }

    /**
     * The last resort: goes on without what a leaving backend does not give.
     *
     * @param kept where it keeps that, if it keeps its values in tables; otherwise null
     */
    private void abandon(Namespace namespace, BackendHandle backend, String cause, TableStore kept) {
        for (CounterStore home : namespace.placement().sources()) {
            if (home.backend() == backend) {
                String current = namespace.placement().active().label();
                OngoingMove last = new OngoingMove(namespace.name(), backend.label(), current, cause, true);
                OngoingMove rest = new OngoingMove(namespace.name(), backend.label(), current, cause);
                rescue(namespace, home, last);
                namespace.abandonCalls();
                Placement now;
                do {
                    now = namespace.placement();
                } while (!namespace.publish(now, now.without(home).with(rest)));
                if (kept != null) {
                    extractAll(namespace, home, kept);
                }
                closed(home);
                audit.add(last.record(MoveDTO.Outcome.ABANDONED, "it does not answer, and leaves with what it holds"));
                runSafely(namespace, () -> transfer(namespace));
            }
        }
    }

    /** Takes counters out one by one, past those that fail and a few that hang. */
    private void rescue(Namespace namespace, CounterStore home, OngoingMove last) {
        Set<String> tried = ConcurrentHashMap.newKeySet();
        for (int attempts = 0; attempts < 3; attempts++) {
            Placement now = namespace.placement();
            Placement due = now.with(last);
            if (!namespace.publish(now, due)) {
                continue;
            }
            try {
                bounded(due.stores(), () -> {
                    home.keys(key -> rescue(namespace, due, key, tried));
                    return null;
                });
                return;
            } catch (TimeoutException | RuntimeException e) {
                log.warn("backend " + home.label() + " leaves and does not answer: namespace=" + namespace, e);
                namespace.abandonCalls();
            }
        }
    }

    private void rescue(Namespace namespace, Placement due, String key, Set<String> tried) {
        if (tried.add(key)) {
            try {
                namespace.transfer(due, key);
            } catch (CounterException e) {
                log.error("counter " + CounterNames.printable(key) + " stays behind: " + e.getMessage(), e);
            }
            progress++;
        }
    }

    /** Tries again to hand over what a move could not, and what went on without it. */
    private void resume(Namespace namespace, String cause) {
        Placement now = namespace.placement();
        if (!now.isSettled() && now.move() != null && now.move().failure() != null) {
            OngoingMove again = new OngoingMove(
                    namespace.name(), now.sources().get(0).label(), now.active().label(), cause);
            if (namespace.publish(now, now.with(again))) {
                transfer(namespace);
                audit.add(
                        again.failure() == null
                                ? again.record(MoveDTO.Outcome.MOVED, "what was left of an earlier move")
                                : again.record(MoveDTO.Outcome.REFUSED, again.failure()));
            }
        }
    }

    /** Takes up what a backend held before it was bound. */
    private void absorb(BackendHandle backend) {
        if (backend.tables() != null) {
            for (String name : backend.restored()) {
                Namespace namespace = namespace(name);
                runSafely(namespace, () -> takeIn(namespace, backend));
            }
            if (!backend.retainsValues()) {
                for (CellTable table : backend.tables().takeTables()) {
                    Namespace namespace = namespace(table.namespace());
                    runSafely(namespace, () -> absorb(namespace, backend, new TableStore(backend, table)));
                }
            }
            return;
        }
        Collection<String> held;
        try {
            held = bounded(
                    Stream.of(new DelegatingStore(backend, "")),
                    () -> backend.service().info().namespaces().keySet());
        } catch (TimeoutException | RuntimeException e) {
            log.warn("backend " + backend + " does not tell what it holds: " + e.getMessage(), e);
            return;
        }
        for (String name : held) {
            Namespace namespace = namespace(name);
            runSafely(namespace, () -> takeUp(namespace, backend));
        }
    }

    /** Has a namespace that lives nowhere live in the table with which a backend came. */
    private void takeIn(Namespace namespace, BackendHandle backend) {
        Placement now = namespace.placement();
        if (now.active() == UnplacedStore.UNPLACED && backend.acquire()) {
            try {
                adopt(namespace, now, storeFor(backend, namespace));
            } finally {
                backend.release();
            }
        }
        // Otherwise a move to this backend follows, which adds to what it holds, or else it is joined.
    }

    /**
     * Takes the counters of a namespace out of the tables with which backends came, if it lives elsewhere in memory and
     * belongs elsewhere. If it is to move to such a backend, that adds to what is there.
     */
    private void join(Namespace namespace) {
        List<PlacementResolver.Choice> choices = resolver().choices(namespace.name());
        for (BackendHandle backend : resolver().backends()) {
            CellTable table = backend.restored(namespace.name());
            Placement now = namespace.placement();
            boolean resolves = !choices.isEmpty() && choices.get(0).backend() == backend;
            boolean canBeAdded = !(now.active() instanceof UnplacedStore || now.active() instanceof DetachedStore);
            if (table == null || resolves || !canBeAdded || now.active().backend() == backend) {
                continue;
            }
            if (isRetainedElsewhere(now, backend)) {
                OngoingMove move = new OngoingMove(
                        namespace.name(), backend.label(), now.active().label(), "bind of " + backend);
                audit.add(move.record(MoveDTO.Outcome.REFUSED, BOTH_KEEP));
            } else {
                backend.claimed(table);
                absorb(namespace, backend, new TableStore(backend, table));
            }
        }
    }

    private void takeUp(Namespace namespace, BackendHandle backend) {
        List<PlacementResolver.Choice> choices = resolver().choices(namespace.name());
        boolean resolves = !choices.isEmpty() && choices.get(0).backend() == backend;
        Placement now = namespace.placement();
        if (now.active() == UnplacedStore.UNPLACED && (resolves || backend.retention() == BackendDTO.Retention.LOCAL)) {
            if (backend.acquire()) {
                try {
                    adopt(namespace, now, storeFor(backend, namespace));
                } finally {
                    backend.release();
                }
            }
        } else if (!resolves && !backend.retainsValues() && !now.anyStore(home -> home.backend() == backend)) {
            absorb(namespace, backend, new DelegatingStore(backend, namespace.name()));
        }
        // Otherwise the move to this backend, which follows, adds to what it holds.
    }

    private void absorb(Namespace namespace, BackendHandle backend, CounterStore source) {
        while (namespace.placement().active() == UnplacedStore.UNPLACED) {
            place(namespace, namespace.placement());
        }
        transfer(namespace);
        CounterStore current = namespace.placement().active();
        long counters;
        try {
            counters = bounded(Stream.of(source), source::size);
        } catch (TimeoutException e) {
            log.warn("backend " + backend + " does not tell what it holds: namespace=" + namespace, e);
            return;
        }
        if (current instanceof TableStore table && table.reserve(counters) != CellTable.Room.GRANTED) {
            move(namespace, null, "bind of " + backend, false); // parking holds it all, and what fits is moved on
            current = namespace.placement().active();
            ((TableStore) current).reserve(counters);
        }
        OngoingMove move = new OngoingMove(namespace.name(), backend.label(), current.label(), "bind of " + backend);
        Placement now;
        do {
            now = namespace.placement();
        } while (!namespace.publish(now, now.absorbing(source, move)));
        transfer(namespace);
        MoveDTO record = move.failure() == null
                ? move.record(MoveDTO.Outcome.MOVED, "it came with counters")
                : move.record(MoveDTO.Outcome.REFUSED, move.failure());
        if (move.failure() != null
                || counters + record.counters > 0) { // a backend may tell of namespaces that are empty
            audit.add(record);
        }
    }

    // Homes

    private CounterStore storeFor(BackendHandle backend, Namespace namespace) {
        for (CounterStore home : namespace.placement().stores().toList()) {
            if (home instanceof DelegatingStore && home.backend() == backend) {
                return home;
            }
        }
        if (backend.tables() == null) {
            return DelegatingStore.of(backend, namespace.name());
        }
        try {
            CellTable found = backend.restored(namespace.name());
            return found != null
                    ? new TableStore(backend, found, true)
                    : new TableStore(backend, backend.tables().create(namespace.name()));
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            throw new UnusableException(backend, e);
        }
    }

    private TableStore parking(Namespace namespace) {
        TableStore home = new TableStore(null, new ParkingTable(namespace.name()));
        if (parkingLimitMs > 0 && !stopped) {
            schedule(() -> expire(namespace, home));
        }
        return home;
    }

    private void schedule(Runnable task) {
        try {
            controlThread.schedule(task, parkingLimitMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The registry stops, and what is parked goes into the file.
        }
    }

    private void expire(Namespace namespace, TableStore parking) {
        if (namespace.placement().active() == parking) {
            DetachedStore away =
                    new DetachedStore(namespace.name(), null, new TableStore(null, new ParkingTable(namespace.name())));
            switchStore(namespace, null, away, residence -> residence.movingTo(away, null), false);
            transfer(namespace);
            log.error("namespace " + namespace + " is parked for too long and refuses calls; its counts are kept");
        }
    }

    /** Takes back a home in which the namespace does not live after all. */
    private static void discardUnused(CounterStore home) {
        if (home instanceof TableStore table && table.backend() != null) {
            table.releaseReservation();
            if (!table.isRestored()) {
                closed(home);
            }
        }
    }

    private static void activate(CounterStore home) {
        if (home instanceof TableStore table && table.backend() != null) {
            table.backend().claimed(table.table());
            table.backend().tables().activate(table.table());
        }
    }

    private static void closed(CounterStore home) {
        if (home instanceof TableStore table && table.backend() != null) {
            table.backend().tables().discard(table.table());
        }
    }

    // Turns and the end

    public boolean isStopped() {
        return stopped;
    }

    /** Has something done by the thread of this class. */
    public <R> Future<R> submit(Callable<R> task) {
        try {
            return controlThread.submit(task);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Has something done by a thread that nobody waits for, as it may wait for others. */
    public void runAsync(Runnable task) {
        try {
            backendCalls.execute(task);
        } catch (RejectedExecutionException e) {
            // The registry has stopped, and what would be done concerns it alone.
        }
    }

    /** Waits for a turn, but not for ever; if the registry is stopping, for its end instead. */
    private void await(Future<?> result) {
        long timeoutMs = TABLES_TIMEOUT_MS + 3 * callTimeoutMs;
        try {
            result.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            log.error("a backend leaves before its counters could be moved", e);
        } catch (ExecutionException | CancellationException e) {
            if (!stopped) {
                log.error("a backend leaves and its counters could not be moved", e.getCause());
                return;
            }
            try {
                shutdownDone.await(timeoutMs, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Ends everything: callers are refused from now on, and what no backend keeps is returned.
     */
    public List<SnapshotFile.Entry> stop() {
        stopped = true;
        controlThread.shutdown();
        try {
            controlThread.awaitTermination(TABLES_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        retention.accept(retention());
        List<SnapshotFile.Entry> parked = new ArrayList<>();
        namespaces.values().stream()
                .sorted(Comparator.comparing(Namespace::name))
                .forEach(namespace -> runSafely(namespace, () -> stop(namespace, parked)));
        resolver().backends().forEach(BackendHandle::returnRestored);
        return parked;
    }

    /** After {@link #stop}, when what it returned is safe: backends may leave. */
    public void end() {
        shutdownDone.countDown();
        backendCalls.shutdown();
    }

    private void stop(Namespace namespace, List<SnapshotFile.Entry> parked) {
        Placement last;
        do {
            last = namespace.placement();
            if (last.frozen()) {
                LockSupport.parkNanos(10_000);
            }
        } while (last.frozen() || !namespace.publish(last, last.movingTo(UnplacedStore.STOPPED, null)));
        namespace.awaitKeyLocks(callTimeoutMs, true);
        closed(namespace, last, UnplacedStore.STOPPED);
        Optional<TableStore> kept = last.stores()
                .filter(home -> home instanceof TableStore && home.retainsValues())
                .map(home -> newRetentionStore(home.backend(), namespace))
                .findFirst();
        for (CounterStore home : last.stores().toList()) {
            String keeper = home instanceof DetachedStore away && away.retainingBackend() != null
                    ? away.retainingBackend()
                    : "";
            CounterStore holder = home instanceof DetachedStore away ? away.held() : home;
            if (holder instanceof DelegatingStore && holder.retainsValues()) {
                continue;
            }
            if (kept.isPresent() && keeper.isEmpty()) {
                extractAll(namespace, holder, kept.get());
            } else {
                CellTable taken =
                        extractAll(namespace, holder, new TableStore(null, new ParkingTable(namespace.name())));
                taken.forEachKey(key -> parked.add(new SnapshotFile.Entry(
                        namespace.name(), keeper, key, taken.find(key).get())));
            }
        }
        // A move that has not come to its end is undone: what a keeper still has of it in its file is to be all there
        // is.
        kept.ifPresent(home -> home.backend().tables().retain(home.table()));
        last.stores().forEach(Mover::closed);
        namespace.publish(namespace.placement(), Placement.settled(UnplacedStore.STOPPED));
    }

    /** Takes counters out one by one, past those that fail and a few that hang. */
    private CellTable extractAll(Namespace namespace, CounterStore holder, TableStore target) {
        AtomicReference<TableStore> taken = new AtomicReference<>(target);
        Set<String> tried = ConcurrentHashMap.newKeySet();
        for (int attempts = 0; attempts < 3; attempts++) {
            try {
                bounded(Stream.of(holder), () -> {
                    holder.keys(key -> {
                        if (tried.add(key)) {
                            extract(namespace, holder, key, taken.get());
                        }
                    });
                    return null;
                });
                break;
            } catch (TimeoutException | RuntimeException e) {
                log.error("namespace " + namespace + " stays with a backend that does not answer", e);
                namespace.abandonCalls();
            }
        }
        taken.set(null); // who comes back too late takes nothing out any more
        target.releaseReservation();
        return target.table();
    }

    private void extract(Namespace namespace, CounterStore holder, String key, TableStore target) {
        if (target != null) {
            try {
                namespace.extract(holder, key, target);
            } catch (RuntimeException e) {
                log.error("counter " + CounterNames.printable(key) + " stays behind: " + e.getMessage(), e);
            }
            progress++;
        }
    }

    /**
     * Takes up what an earlier registry left, before anybody calls.
     *
     * @param kept by namespace the backend that keeps its values: until that is here, nobody is to take it for empty
     */
    public void load(List<SnapshotFile.Entry> parked, Map<String, String> kept) {
        kept.forEach((name, keeper) -> {
            backendSeen = true;
            Namespace namespace = namespace(name);
            TableStore additions = new TableStore(null, new ParkingTable(name));
            namespace.publish(namespace.placement(), Placement.settled(new DetachedStore(name, keeper, additions)));
        });
        for (SnapshotFile.Entry entry : parked) {
            backendSeen = true;
            Namespace namespace = namespace(entry.namespace());
            CounterStore home = namespace.placement().active();
            if (home == UnplacedStore.UNPLACED) {
                TableStore parking = parking(namespace);
                home = entry.retainingBackend().isEmpty()
                        ? parking
                        : new DetachedStore(entry.namespace(), entry.retainingBackend(), parking);
                namespace.publish(namespace.placement(), Placement.settled(home));
            }
            home.merge(null, entry.key(), entry.value());
        }
    }
}
