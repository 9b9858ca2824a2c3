package org.counterex.registry.provider.migration;

import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.counterex.api.BackendUnavailableException;
import org.counterex.registry.provider.backend.BackendCallExecutor;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.DetachedStore;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.SharedStore;
import org.counterex.registry.provider.placement.TableStore;
import org.counterex.registry.provider.placement.UnplacedStore;
import org.counterex.support.log.ServiceLog;

/**
 * Checks whether a target can take all counters of a frozen namespace, and reserves the room for them. The second phase
 * of a move, see {@link Namespace}.
 */
final class Admission {

    private final BackendCallExecutor calls;
    private final ServiceLog log;

    Admission(BackendCallExecutor calls, ServiceLog log) {
        this.calls = calls;
        this.log = log;
    }

    /**
     * Reserves room in the target for every counter of a namespace.
     *
     * @param before the placement that was frozen
     * @param leaving whether the active store is leaving, so that calls that hang in it are abandoned
     * @return why the move is refused; null if it is admitted
     */
    String refusal(Namespace namespace, Placement before, CounterStore target, boolean leaving) {
        if (!namespace.awaitKeyLocks(calls.timeoutMs(), leaving)) {
            return "timed out waiting for in-flight calls: backend="
                    + before.active().label();
        }
        String open = closeAdditions(namespace, before, target);
        if (open != null) {
            return open;
        }
        return target instanceof TableStore table ? reserve(before, table, leaving) : null;
    }

    private String reserve(Placement before, TableStore target, boolean leaving) {
        try {
            long counters = calls.callWithin(before.stores().anyMatch(DelegatingStore.class::isInstance), before::size);
            if (target.table().lowest() == 0) {
                String negative = findNegative(before);
                if (negative != null) {
                    return "value below 0 is not supported: " + negative;
                }
            }
            return switch (target.reserve(counters)) {
                case GRANTED -> target.presize(counters) || leaving ? null : "out of memory: counters=" + counters;
                case FULL, EXHAUSTED ->
                    "capacity exceeded: capacity=" + target.table().capacity() + " counters=" + counters;
            };
        } catch (BackendUnavailableException | TimeoutException e) {
            // Parking is unbounded: an estimate that is too low does no harm there.
            return leaving && target.backend() == null ? null : "backend does not answer";
        }
    }

    private static String findNegative(Placement before) {
        return before.stores()
                .filter(TableStore.class::isInstance)
                .map(store -> ((TableStore) store).findNegative())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * Ends additions that reach a shared backend without a call into it, before counters are taken from it.
     *
     * @return why they could not be ended; null if they were, or if the backend goes on serving the counters anyway
     */
    String closeAdditions(Namespace namespace, Placement before, CounterStore target) {
        if (!(before.active() instanceof SharedStore store) || store.additions() == null) {
            return null;
        }
        try {
            calls.callWithin(true, () -> {
                store.closeAdditions();
                return null;
            });
            return null;
        } catch (TimeoutException | RuntimeException e) {
            String problem = e instanceof TimeoutException
                    ? "timed out closing the addition buffer: backend=" + store.label()
                    : "addition buffer could not be closed: backend=" + store.label() + " reason=" + e.getMessage();
            if (!(target instanceof DetachedStore || target instanceof UnplacedStore)) {
                return problem;
            }
            log.warn("namespace " + namespace + ": " + problem, e);
            return null;
        }
    }
}
