package org.counterex.registry.provider.migration;

import java.util.concurrent.TimeoutException;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.MoveDTO;
import org.counterex.registry.provider.backend.BackendCallExecutor;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.DetachedStore;
import org.counterex.registry.provider.placement.OngoingMove;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.SharedStore;
import org.counterex.registry.provider.placement.StoreFactory;
import org.counterex.registry.provider.placement.UnplacedStore;

/**
 * Moves of namespaces between stores, each with its record: the checks before a move, its completion or rollback, and
 * the repetition of one that failed. All methods but {@link #flush} are for the control thread.
 */
public final class Migrator {

    static final String BOTH_RETAIN =
            "source and target both retain their values, and a crash could leave counters in both: move to memory first";

    private final Transfer transfer;
    private final NamespacePlacer placer;
    private final BackendCallExecutor calls;
    private final MoveLog moves;

    Migrator(Transfer transfer, NamespacePlacer placer, BackendCallExecutor calls, MoveLog moves) {
        this.transfer = transfer;
        this.placer = placer;
        this.calls = calls;
        this.moves = moves;
    }

    /**
     * Moves a namespace to a backend.
     *
     * @return the record of the move
     * @throws MoveRefusedException the backend cannot hold the counters, or did not answer; they are where they were,
     *     or parked
     */
    public MoveDTO swap(Namespace namespace, BackendHandle backend) {
        MoveDTO record = move(namespace, backend, "swap", false);
        if (!isInPlace(record)) {
            throw new MoveRefusedException(namespace.name(), backend.label(), record.reason);
        }
        return record;
    }

    /**
     * Makes the backend of a namespace write what it holds. May be called from any thread.
     *
     * @throws BackendUnavailableException the backend could not write; the counters are unchanged
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

    /** Returns whether the record of a move says that the namespace is in its target. */
    static boolean isInPlace(MoveDTO record) {
        return record.outcome == MoveDTO.Outcome.MOVED || record.outcome == MoveDTO.Outcome.UNCHANGED;
    }

    /** Returns whether a backend is the one that retains the values of a detached namespace. */
    static boolean isRetainedBy(BackendHandle backend, DetachedStore detached) {
        return backend != null && backend.label().equals(detached.retainingBackend());
    }

    /** Returns whether a store in another backend retains values of the namespace. */
    static boolean isRetainedElsewhere(Placement placement, BackendHandle backend) {
        return placement.anyStore(store -> store.retainsValues() && store.backend() != backend);
    }

    /**
     * Moves a namespace to a backend or to parking.
     *
     * @param backend the target; null for parking
     * @param leaving whether the source is leaving, so that calls that hang in it are abandoned
     * @return the record of the move
     */
    MoveDTO move(Namespace namespace, BackendHandle backend, String cause, boolean leaving) {
        Placement before = namespace.placement();
        CounterStore active = before.active();
        String to = backend == null ? CounterStore.PARKING : backend.label();
        OngoingMove move = new OngoingMove(namespace.name(), active.label(), to, cause);
        if (active == UnplacedStore.UNPLACED) {
            return move.record(MoveDTO.Outcome.MOVED, "namespace has no counters yet");
        }
        if (backend != null && active.backend() == backend) {
            return move.record(MoveDTO.Outcome.UNCHANGED, "");
        }
        String refusal = refusal(namespace, before, backend);
        if (refusal != null) {
            return moves.add(move.record(MoveDTO.Outcome.REFUSED, refusal));
        }
        if (backend != null && !backend.acquire()) {
            return moves.add(move.record(MoveDTO.Outcome.REFUSED, "backend is leaving"));
        }
        try {
            refusal = begin(namespace, before, backend, move, leaving);
        } finally {
            if (backend != null) {
                backend.release();
            }
        }
        return refusal == null
                ? complete(namespace, move, active)
                : moves.add(move.record(MoveDTO.Outcome.REFUSED, refusal));
    }

    private static String refusal(Namespace namespace, Placement before, BackendHandle backend) {
        if (before.active() instanceof DetachedStore detached
                && detached.retainingBackend() != null
                && !isRetainedBy(backend, detached)) {
            return "backend " + detached.retainingBackend() + " retains the values and has left";
        }
        if (backend != null && backend.retainsValues() && isRetainedElsewhere(before, backend)) {
            return BOTH_RETAIN;
        }
        if (backend != null && !backend.hasNoPendingDeletes(namespace.name())) {
            return "backend has not yet deleted counters of an earlier move";
        }
        return null;
    }

    private String begin(
            Namespace namespace, Placement before, BackendHandle backend, OngoingMove move, boolean leaving) {
        try {
            CounterStore target = backend == null
                    ? placer.park(namespace)
                    : StoreFactory.in(backend, namespace.name(), namespace.placement());
            probe(before, target);
            return switchTo(namespace, target, move, leaving);
        } catch (StoreFactory.TableCreationException | BackendUnavailableException e) {
            return e.getMessage();
        } catch (TimeoutException e) {
            return "timed out waiting for backend: backend=" + backend;
        }
    }

    private String switchTo(Namespace namespace, CounterStore target, OngoingMove move, boolean leaving) {
        String refusal =
                transfer.switchStore(namespace, null, target, placement -> placement.movingTo(target, move), leaving);
        if (refusal == null) {
            target.activate();
        } else {
            target.discardUnused();
        }
        return refusal;
    }

    private void probe(Placement before, CounterStore target) throws TimeoutException {
        if (target instanceof DelegatingStore delegating && !before.anyStore(store -> store == delegating)) {
            probe(delegating);
        }
        if (before.active() instanceof SharedStore shared && target != shared) {
            probe(shared);
        }
    }

    private void probe(DelegatingStore store) throws TimeoutException {
        calls.callWithin(true, () -> {
            store.probe();
            return null;
        });
    }

    private MoveDTO complete(Namespace namespace, OngoingMove move, CounterStore origin) {
        boolean inTime = transfer.run(namespace);
        Placement now = namespace.placement();
        if (now.move() != move) {
            return moves.add(
                    now.isSettled() && now.active() != UnplacedStore.STOPPED
                            ? move.record(MoveDTO.Outcome.MOVED, move.remark())
                            : move.record(MoveDTO.Outcome.OVERTAKEN, "registry is stopping"));
        }
        if (!inTime) {
            move.fail("timed out waiting for a backend");
            namespace.abandonCalls();
        }
        rollBack(namespace, origin);
        return moves.add(move.record(MoveDTO.Outcome.UNDONE, move.failure()));
    }

    /**
     * Returns the counters of a failed move to the store they came from, or parks them if its backend has left or fails
     * too.
     */
    private void rollBack(Namespace namespace, CounterStore origin) {
        BackendHandle backend = origin.backend();
        if (backend != null && backend.hasNoPendingDeletes(namespace.name()) && backend.acquire()) {
            boolean back;
            try {
                back = transferTo(namespace, StoreFactory.in(backend, namespace.name(), namespace.placement()));
            } finally {
                backend.release();
            }
            if (back) {
                return;
            }
        }
        transferTo(namespace, placer.park(namespace));
    }

    private boolean transferTo(Namespace namespace, CounterStore target) {
        OngoingMove back = new OngoingMove(namespace.name(), "", target.label(), "undo");
        if (switchTo(namespace, target, back, true) != null) {
            return false;
        }
        if (!transfer.run(namespace)) {
            namespace.abandonCalls();
            return false;
        }
        return back.failure() == null;
    }

    /** Retries the transfer of counters that an earlier move left in its source. */
    void resume(Namespace namespace, String cause) {
        Placement now = namespace.placement();
        if (now.isSettled() || now.move() == null || now.move().failure() == null) {
            return;
        }
        OngoingMove again = new OngoingMove(
                namespace.name(), now.sources().get(0).label(), now.active().label(), cause);
        if (namespace.publish(now, now.with(again))) {
            transfer.run(namespace);
            moves.add(
                    again.failure() == null
                            ? again.record(MoveDTO.Outcome.MOVED, "left over from an earlier move")
                            : again.record(MoveDTO.Outcome.REFUSED, again.failure()));
        }
    }
}
