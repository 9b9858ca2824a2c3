package org.counterex.registry.provider.migration;

import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.counterex.registry.provider.backend.BackendCallExecutor;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.OngoingMove;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.UnplacedStore;
import org.counterex.support.log.ServiceLog;

/**
 * Steps of every move: freeze, admit and switch ({@link #switchStore}), then transfer and finish ({@link #run}). See
 * {@link Namespace} for the protocol.
 *
 * <p><b>Threads.</b> {@code run} is for the control thread, which passes the transfer to another thread if it calls a
 * backend without tables. {@code switchStore} may also be called by callers who need a new table; it only uses
 * compare-and-set on the placement.
 */
final class Transfer {

    /** How long to wait while another thread freezes the namespace, which takes some microseconds. */
    private static final long FROZEN_NS = 10_000;

    private static final int MAX_PASSES = 2;

    private final BackendCallExecutor calls;
    private final Admission admission;
    private final Runnable onRetentionChanged;
    private final ServiceLog log;

    /**
     * @param onRetentionChanged called when another backend retains the values of a namespace, or none does any more
     */
    Transfer(BackendCallExecutor calls, Admission admission, Runnable onRetentionChanged, ServiceLog log) {
        this.calls = calls;
        this.admission = admission;
        this.onRetentionChanged = onRetentionChanged;
        this.log = log;
    }

    /**
     * Freezes a namespace, reserves room in the target and publishes the next placement; or publishes the previous one
     * again.
     *
     * @param expected the placement to start from; null for any
     * @param next makes the next placement of the one that was frozen
     * @param leaving whether the active store is leaving, so that calls that hang in it are abandoned
     * @return why nothing was changed; null if the next placement was published
     */
    String switchStore(
            Namespace namespace,
            Placement expected,
            CounterStore target,
            UnaryOperator<Placement> next,
            boolean leaving) {
        Placement before;
        Placement frozen;
        do {
            before = namespace.placement();
            if (expected != null && before != expected || before.active() == UnplacedStore.STOPPED) {
                return "another move is under way";
            }
            frozen = before.freeze();
            if (before.frozen()) {
                LockSupport.parkNanos(FROZEN_NS);
            }
        } while (before.frozen() || !namespace.publish(before, frozen));
        Placement after = before;
        try {
            String refusal = admission.refusal(namespace, before, target, leaving);
            if (refusal == null) {
                after = next.apply(before);
            }
            return refusal;
        } finally {
            namespace.publish(frozen, after);
        }
    }

    /**
     * Transfers the counters that are still in sources, until the namespace is settled or its move has failed.
     *
     * @return false if a backend without tables did not answer in time
     */
    boolean run(Namespace namespace) {
        Placement now = namespace.placement();
        if (now.isSettled()) {
            return true;
        }
        try {
            calls.callWithin(now.anyStore(DelegatingStore.class::isInstance), () -> {
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
                LockSupport.parkNanos(FROZEN_NS);
                continue;
            }
            try {
                for (CounterStore source : due.sources()) {
                    source.keys(key -> {
                        namespace.transfer(due, key);
                        calls.recordProgress();
                    });
                }
                // A caller that transfers a last counter has then removed it, and recorded a failure.
                boolean quiet = namespace.awaitKeyLocks(calls.timeoutMs(), false);
                boolean empty = due.sources().stream().allMatch(CounterStore::isEmpty);
                if (quiet && empty) {
                    finish(namespace, due);
                } else if (namespace.placement() == due && ++passes > MAX_PASSES) {
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

    private void finish(Namespace namespace, Placement done) {
        boolean failed = done.move() != null && done.move().failure() != null;
        if (!failed && namespace.publish(done, Placement.settled(done.active()))) {
            done.active().releaseReservation();
            // In this order: counters are removed from a file only after they are durable in their new store.
            flush(namespace, done.active(), done.move());
            done.sources().forEach(CounterStore::discard);
            done.sources().forEach(source -> flush(namespace, source, done.move()));
            if (done.anyStore(CounterStore::retainsValues)) {
                onRetentionChanged.run();
            }
        }
    }

    /** Makes a retaining backend write what it holds. A failure undoes nothing: the backend goes on trying. */
    private void flush(Namespace namespace, CounterStore store, OngoingMove move) {
        if (!store.retainsValues()) {
            return;
        }
        BackendHandle backend = store.backend();
        try {
            calls.callWithin(true, () -> {
                backend.service().flush(namespace.name());
                return null;
            });
        } catch (TimeoutException | RuntimeException e) {
            String problem = "backend " + backend + " has not written the counters yet"
                    + (e instanceof TimeoutException ? "" : ": " + e.getMessage());
            log.warn("namespace " + namespace + ": " + problem, e);
            if (move != null) {
                move.remark(problem);
            }
        }
    }
}
