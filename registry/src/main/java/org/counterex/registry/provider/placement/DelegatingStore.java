package org.counterex.registry.provider.placement;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CasResult;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.api.backend.table.WideCell;
import org.counterex.registry.provider.backend.AbandonableLock;
import org.counterex.registry.provider.backend.BackendHandle;

/**
 * Store over a backend without tables. Every operation is a call into foreign code, which may be slow, fail, or never
 * return.
 */
public sealed class DelegatingStore extends CounterStore permits SharedStore {

    /** Whether the current thread is inside a call into a backend. */
    private static final ThreadLocal<boolean[]> IN_BACKEND = ThreadLocal.withInitial(() -> new boolean[1]);

    final CounterBackend service;
    final String namespace;
    private final BackendHandle backend;

    /** Keys whose values in the backend are not valid, because a delete failed or has not returned. */
    private final Set<String> pendingDeletes;

    /** During a transfer to this store: the keys that it may hold; null if it may hold any. */
    private volatile Set<String> knownKeys;

    public DelegatingStore(BackendHandle backend, String namespace) {
        this.backend = backend;
        this.service = backend.service();
        this.namespace = namespace;
        this.pendingDeletes = backend.pendingDeletes(namespace);
    }

    /**
     * Returns the store of a namespace in a backend: a shared one if the backend shares its values with other runtimes.
     */
    public static DelegatingStore of(BackendHandle backend, String namespace) {
        return backend.retention() == BackendDTO.Retention.SHARED
                ? new SharedStore(backend, namespace)
                : new DelegatingStore(backend, namespace);
    }

    /**
     * @throws IllegalStateException the current thread is inside a backend, where waiting for a counter could deadlock
     */
    public static void rejectReentrantCall(String namespace) {
        if (IN_BACKEND.get()[0]) {
            throw new IllegalStateException("a backend must not use counters inside a call: namespace=" + namespace);
        }
    }

    @Override
    public BackendHandle backend() {
        return backend;
    }

    /** Reads the keys of the backend before counters are transferred to it, so that absent ones need no call later. */
    public void probe() {
        Set<String> keys = ConcurrentHashMap.newKeySet();
        keys(keys::add);
        knownKeys = keys;
    }

    /** All counters were transferred: from now on the backend may hold any key. */
    @Override
    public void releaseReservation() {
        knownKeys = null;
    }

    private void recordKey(String key) {
        Set<String> keys = knownKeys;
        if (keys != null) {
            keys.add(key);
        }
    }

    private boolean isStale(String key) {
        Set<String> keys = knownKeys;
        return pendingDeletes.contains(key) || keys != null && !keys.contains(key);
    }

    @Override
    public long apply(AbandonableLock lock, String key, CellUpdate update, boolean wantsResult) {
        recordKey(key);
        return call(lock, key, true, () -> {
            if (update instanceof CellUpdate.Add add) {
                if (wantsResult) {
                    return service.inc(namespace, key, add.step(), add.initial());
                }
                service.add(namespace, key, add.step());
                return 0L;
            }
            if (update instanceof CellUpdate.Put put) {
                return put.isReset()
                        ? service.reset(namespace, key, put.value())
                        : service.set(namespace, key, put.value());
            }
            CellUpdate.Swap swap = (CellUpdate.Swap) update;
            CasResult result = service.compareAndSwap(namespace, key, swap.expected(), swap.value());
            swap.applyAsLong(result.swapped() ? swap.expected() : result.value());
            return result.value();
        });
    }

    @Override
    public OptionalLong get(AbandonableLock lock, String key) {
        return isStale(key)
                ? OptionalLong.empty()
                : call(lock, key, false, () -> Objects.requireNonNull(service.get(namespace, key)));
    }

    @Override
    public OptionalLong remove(AbandonableLock lock, String key) {
        OptionalLong value = get(lock, key);
        if (value.isPresent()) {
            delete(lock, key);
        }
        return value;
    }

    private void delete(AbandonableLock lock, String key) {
        call(lock, key, true, () -> {
            service.delete(namespace, key);
            return null;
        });
    }

    /**
     * Adds to the value that the backend may hold. If that fails, the previous value is restored or the key becomes
     * stale.
     */
    @Override
    public void merge(AbandonableLock lock, String key, long value) {
        OptionalLong before = get(lock, key);
        long held = before.orElse(0);
        long sum = held + value;
        if (((held ^ sum) & (value ^ sum)) < 0 || sum == Long.MIN_VALUE) {
            throw new IllegalStateException(
                    "sum is out of range: key=" + CounterNames.printable(key) + " held=" + held + " added=" + value);
        }
        recordKey(key);
        pendingDeletes.add(key); // until the backend is known to have the sum, or the previous value
        try {
            call(lock, key, true, () -> service.set(namespace, key, sum));
        } catch (CounterException e) {
            restore(lock, key, before);
            throw e;
        }
        pendingDeletes.remove(key);
    }

    private void restore(AbandonableLock lock, String key, OptionalLong before) {
        try {
            if (before.isPresent()) {
                call(lock, key, true, () -> service.set(namespace, key, before.getAsLong()));
            } else {
                delete(lock, key);
            }
            pendingDeletes.remove(key);
        } catch (CounterException e) {
            // The key stays stale, and the backend is not a target before it has deleted it.
        }
    }

    @Override
    public long transfer(AbandonableLock lock, String key, CounterStore to) {
        OptionalLong present = get(lock, key);
        if (present.isEmpty()) {
            return Cell.SEALED;
        }
        put(lock, key, present.getAsLong(), to);
        pendingDeletes.add(key);
        try {
            delete(lock, key);
            pendingDeletes.remove(key);
        } catch (CounterException e) {
            // The counter is transferred all the same: the value of a stale key is ignored.
        }
        return present.getAsLong();
    }

    /** Inserts or merges a value that was read from a backend into another store. */
    static void put(AbandonableLock lock, String key, long value, CounterStore to) {
        WideCell from = new WideCell(key);
        from.init(value);
        if (to.insert(key, from) == Cell.SEALED) {
            to.merge(lock, key, value);
        }
    }

    @Override
    public void keys(Consumer<String> action) {
        read(() -> List.copyOf(service.getAll(namespace).keySet())).stream()
                .filter(key -> !pendingDeletes.contains(key))
                .forEach(action);
    }

    @Override
    public long size() {
        return read(() -> service.info().namespaces().getOrDefault(namespace, 0L));
    }

    /** Looks at the keys, since the sizes that a backend reports may be estimates. */
    @Override
    public boolean isEmpty() {
        boolean[] any = new boolean[1];
        keys(key -> any[0] = true);
        return !any[0];
    }

    private BackendUnavailableException backendLeft() {
        return BackendUnavailableException.notApplied("backend " + backend.label() + " has left", namespace);
    }

    /**
     * Calls the backend for something other than one key: a lease, and not a key lock, keeps the backend from leaving.
     */
    final <R> R read(Supplier<R> call) {
        rejectReentrantCall(namespace);
        if (!backend.acquireForRead()) {
            throw backendLeft();
        }
        try {
            return foreign(false, call);
        } finally {
            backend.release();
        }
    }

    final <R> R call(AbandonableLock lock, String key, boolean changes, Supplier<R> call) {
        if (backend.isClosed()) {
            throw backendLeft();
        }
        boolean exclusive = lock.enterBackend();
        try {
            return foreign(changes, call);
        } finally {
            try {
                lock.exitBackend(exclusive);
            } catch (AbandonableLock.AbandonedException e) {
                if (changes) {
                    abandoned(key);
                }
                throw e;
            }
        }
    }

    /** Called after a change was abandoned: it may take effect after the counter was transferred to another store. */
    void abandoned(String key) {
        pendingDeletes.add(key);
    }

    final <R> R foreign(boolean changes, Supplier<R> call) {
        boolean[] inBackend = IN_BACKEND.get();
        inBackend[0] = true;
        try {
            return call.get();
        } catch (CounterException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            String problem = "backend " + backend.label() + " failed (" + e + ")";
            throw changes
                    ? BackendUnavailableException.outcomeUnknown(problem, namespace, e)
                    : BackendUnavailableException.notApplied(problem, namespace, e);
        } finally {
            inBackend[0] = false;
        }
    }
}
