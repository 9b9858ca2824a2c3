package org.counterex.registry.provider.migration;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.registry.provider.backend.BackendCallExecutor;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.OngoingMove;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.TableStore;
import org.counterex.support.log.ServiceLog;

/**
 * Extraction of counters, one by one, from a store whose backend fails or hangs: a counter that fails is skipped, and a
 * few that hang are abandoned, so that the others are not lost with them.
 */
final class Salvage {

    /** Number of calls that may hang before the rest of the counters is given up. */
    private static final int ATTEMPTS = 3;

    private final BackendCallExecutor calls;
    private final ServiceLog log;

    Salvage(BackendCallExecutor calls, ServiceLog log) {
        this.calls = calls;
        this.log = log;
    }

    /**
     * Transfers the counters of a source to the active store, while callers go on using the namespace.
     *
     * @param move records what was transferred
     */
    void transferAll(Namespace namespace, CounterStore source, OngoingMove move) {
        Set<String> tried = ConcurrentHashMap.newKeySet();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Placement now = namespace.placement();
            Placement due = now.with(move);
            if (!namespace.publish(now, due)) {
                continue;
            }
            try {
                calls.callWithin(due.anyStore(DelegatingStore.class::isInstance), () -> {
                    source.keys(key -> transfer(namespace, due, key, tried));
                    return null;
                });
                return;
            } catch (TimeoutException | RuntimeException e) {
                log.warn(
                        "backend leaves and does not answer: backend=" + source.label() + " namespace=" + namespace, e);
                namespace.abandonCalls();
            }
        }
    }

    private void transfer(Namespace namespace, Placement due, String key, Set<String> tried) {
        if (tried.add(key)) {
            try {
                namespace.transfer(due, key);
            } catch (CounterException e) {
                stayed(namespace, key, e);
            }
            calls.recordProgress();
        }
    }

    /** Extracts the counters of a store that callers cannot reach any more into a table. */
    void extractAll(Namespace namespace, CounterStore source, TableStore target) {
        AtomicReference<TableStore> receiver = new AtomicReference<>(target);
        Set<String> tried = ConcurrentHashMap.newKeySet();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                calls.callWithin(source instanceof DelegatingStore, () -> {
                    source.keys(key -> {
                        if (tried.add(key)) {
                            extract(namespace, source, key, receiver.get());
                        }
                    });
                    return null;
                });
                break;
            } catch (TimeoutException | RuntimeException e) {
                log.error(
                        "counters could not be extracted, backend does not answer: backend=" + source.label()
                                + " namespace=" + namespace,
                        e);
                namespace.abandonCalls();
            }
        }
        receiver.set(null); // a call that returns too late extracts nothing any more
        target.releaseReservation();
    }

    private void extract(Namespace namespace, CounterStore source, String key, TableStore target) {
        if (target != null) {
            try {
                namespace.extract(source, key, target);
            } catch (RuntimeException e) {
                stayed(namespace, key, e);
            }
            calls.recordProgress();
        }
    }

    private void stayed(Namespace namespace, String key, RuntimeException reason) {
        log.error(
                "counter could not be extracted: namespace=" + namespace + " key=" + CounterNames.printable(key)
                        + " reason=" + reason.getMessage(),
                reason);
    }
}
