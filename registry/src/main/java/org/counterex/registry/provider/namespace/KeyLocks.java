package org.counterex.registry.provider.namespace;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.NoBackendException;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.registry.provider.backend.AbandonableLock;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.UnplacedStore;

/**
 * Striped key locks of one namespace. An action on a counter runs under the lock of its key, with a placement read
 * under that lock, and is repeated until the placement allows it.
 *
 * <p><b>Invariant.</b> A lock that was abandoned is replaced by a new one. The thread that holds the old one does not
 * touch anything after it returns from the backend; see {@link AbandonableLock}.
 */
final class KeyLocks {

    /** Action under a key lock. Returns null if the placement does not allow it. */
    interface Action<R> {
        R apply(AbandonableLock lock, Placement now, String key);
    }

    private static final int LOCKS = 16;

    /** How long to wait for a lock before checking that it has not been replaced. */
    private static final long SLICE_MS = 50;

    private final Namespace namespace;
    private final NamespaceHost host;
    private final AtomicReferenceArray<AbandonableLock> locks = new AtomicReferenceArray<>(LOCKS);

    KeyLocks(Namespace namespace, NamespaceHost host) {
        this.namespace = namespace;
        this.host = host;
        for (int i = 0; i < LOCKS; i++) {
            locks.set(i, new AbandonableLock());
        }
    }

    /** Returns which of the locks guards a key. */
    static int index(String key) {
        return KeyedCell.hash(key) >>> 4 & LOCKS - 1;
    }

    /**
     * Runs an action under the lock of a key, repeatedly until the placement allows it.
     *
     * @param exclusive whether calls into a backend without tables on other keys of the same lock are excluded
     * @throws BackendUnavailableException the lock could not be acquired in time, or was abandoned during the action
     * @throws NoBackendException the registry has stopped
     */
    <R> R run(String key, boolean exclusive, Action<R> action) {
        DelegatingStore.rejectReentrantCall(namespace.name());
        int index = index(key);
        long start = 0; // read by threads that wait only: the clock would be a good part of the cost of other calls
        for (; ; ) {
            Placement now = namespace.placement();
            AbandonableLock lock = locks.get(index);
            boolean shared = !exclusive && !now.frozen() && now.isSettled() && now.active() instanceof DelegatingStore;
            long stamp = shared ? lock.acquireShared(SLICE_MS) : lock.acquireExclusive(SLICE_MS);
            if (stamp == 0) {
                start = start == 0 ? System.nanoTime() : start;
                failIfLate(now, lock, start);
                continue;
            }
            try {
                if (locks.get(index) != lock || shared && namespace.placement() != now) {
                    continue;
                }
                now = namespace.placement();
                if (now.active() == UnplacedStore.STOPPED) {
                    throw new NoBackendException("registry is stopped", namespace.name());
                }
                host.requireBackend(namespace, now);
                R result = action.apply(lock, now, key);
                if (result != null) {
                    return result;
                }
            } catch (AbandonableLock.AbandonedException e) {
                throw BackendUnavailableException.outcomeUnknown(
                        "backend did not return in time: backend="
                                + now.active().label(),
                        namespace.name(),
                        e);
            } finally {
                lock.release(stamp);
            }
            awaitCreatable(now);
        }
    }

    private void failIfLate(Placement now, AbandonableLock lock, long start) {
        // During a move the control thread gives up first. A lock that is not inside a backend is released soon.
        long factor = now.frozen() || !now.isSettled() ? 3 : 1;
        long timeout = TimeUnit.MILLISECONDS.toNanos(factor * host.callTimeoutMs());
        if (System.nanoTime() - start > timeout && lock.isInBackend()) {
            throw BackendUnavailableException.notApplied(
                    "timed out waiting for backend: backend=" + now.active().label(), namespace.name());
        }
    }

    /** Waits until a counter can be created, or makes it possible. */
    private void awaitCreatable(Placement now) {
        if (now.frozen()) {
            Thread.yield(); // room is being reserved, which takes some microseconds
        } else if (now.active() == UnplacedStore.UNPLACED) {
            host.place(namespace, now);
        } else {
            host.replaceExhaustedTable(namespace, now);
        }
    }

    /**
     * Acquires and releases every lock once: then no thread acts on an earlier placement any more.
     *
     * @param timeoutMs for all of them together
     * @param abandon whether to abandon locks held by calls into backends that do not return
     * @return false if a lock could not be acquired in time
     */
    boolean awaitAll(long timeoutMs, boolean abandon) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        for (int i = 0; i < LOCKS; i++) {
            AbandonableLock lock = locks.get(i);
            long stamp = lock.acquireExclusive(TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
            if (stamp != 0) {
                lock.release(stamp);
            } else if (!abandon) {
                return false;
            } else {
                abandon(i);
            }
        }
        return true;
    }

    /** Abandons every lock that is held by calls into backends without tables. */
    void abandonCalls() {
        for (int i = 0; i < LOCKS; i++) {
            if (locks.get(i).isInBackend()) {
                abandon(i);
            }
        }
    }

    private void abandon(int index) {
        AbandonableLock lock = locks.get(index);
        while (!lock.abandon() && !lock.isAbandoned()) {
            Thread.onSpinWait(); // held for an update of a table
        }
        namespace
                .placement()
                .stores()
                .filter(DelegatingStore.class::isInstance)
                .forEach(store -> store.backend().addAbandoned(namespace.name(), lock));
        locks.compareAndSet(index, lock, new AbandonableLock());
    }

    /** Extracts a counter from a store of a namespace that has stopped, under the lock of its key. */
    void extract(CounterStore source, String key, CounterStore target) {
        int index = index(key);
        for (; ; ) {
            AbandonableLock lock = locks.get(index);
            long stamp = lock.acquireExclusive(SLICE_MS);
            if (stamp == 0) {
                abandon(index);
                continue;
            }
            try {
                source.transfer(lock, key, target);
                return;
            } finally {
                lock.release(stamp);
            }
        }
    }
}
