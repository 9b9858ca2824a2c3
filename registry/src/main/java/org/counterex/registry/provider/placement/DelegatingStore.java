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
 * A namespace in a backend without tables: everything is a call into foreign code, which may take its time, fail, or not
 * come back.
 */
public sealed class DelegatingStore extends CounterStore permits SharedStore {

    /** Whether this thread is inside a call into a backend. */
    private static final ThreadLocal<boolean[]> IN_BACKEND = ThreadLocal.withInitial(() -> new boolean[1]);

    final CounterBackend service;
    final String namespace;
    private final BackendHandle backend;

    /** Keys of which the backend may still say something that does not count. */
    private final Set<String> pendingDeletes;

    /** While counters are handed over: the keys that this place may hold; null if it may hold any. */
    private volatile Set<String> known;

    public DelegatingStore(BackendHandle backend, String namespace) {
        this.backend = backend;
        this.service = backend.service();
        this.namespace = namespace;
        this.pendingDeletes = backend.pendingDeletes(namespace);
    }

    /** The place of a namespace in a backend, of the kind that the backend is. */
    public static DelegatingStore of(BackendHandle backend, String namespace) {
        return backend.retention() == BackendDTO.Retention.SHARED
                ? new SharedStore(backend, namespace)
                : new DelegatingStore(backend, namespace);
    }

    /** @throws IllegalStateException this thread is inside a backend, where waiting for counters could be for ever */
    public static void rejectReentrantCall(String namespace) {
        if (IN_BACKEND.get()[0]) {
            throw new IllegalStateException("a backend must not count while it is called: namespace=" + namespace);
        }
    }

    @Override
    public BackendHandle backend() {
        return backend;
    }

    /** Before counters are handed over here: asks for what is here, so that nothing else need be asked for later. */
    public void probe() {
        Set<String> keys = ConcurrentHashMap.newKeySet();
        keys(keys::add);
        known = keys;
    }

    /** When all counters are here. */
    public void releaseReservation() {
        known = null;
    }

    private void recordKey(String key) {
        Set<String> keys = known;
        if (keys != null) {
            keys.add(key);
        }
    }

    private boolean isStale(String key) {
        Set<String> keys = known;
        return pendingDeletes.contains(key) || keys != null && !keys.contains(key);
    }

    @Override
    public long apply(AbandonableLock stripe, String key, CellUpdate step, boolean told) {
        recordKey(key);
        return call(stripe, key, true, () -> {
            if (step instanceof CellUpdate.Add add) {
                if (told) {
                    return service.inc(namespace, key, add.step(), add.initial());
                }
                service.add(namespace, key, add.step());
                return 0L;
            }
            if (step instanceof CellUpdate.Put put) {
                return put.isReset()
                        ? service.reset(namespace, key, put.value())
                        : service.set(namespace, key, put.value());
            }
            CellUpdate.Swap swap = (CellUpdate.Swap) step;
            CasResult result = service.compareAndSwap(namespace, key, swap.expected(), swap.value());
            swap.applyAsLong(result.swapped() ? swap.expected() : result.value());
            return result.value();
        });
    }

    @Override
    public OptionalLong get(AbandonableLock stripe, String key) {
        return isStale(key)
                ? OptionalLong.empty()
                : call(stripe, key, false, () -> Objects.requireNonNull(service.get(namespace, key)));
    }

    @Override
    public OptionalLong remove(AbandonableLock stripe, String key) {
        OptionalLong value = get(stripe, key);
        if (value.isPresent()) {
            delete(stripe, key);
        }
        return value;
    }

    private void delete(AbandonableLock stripe, String key) {
        call(stripe, key, true, () -> {
            service.delete(namespace, key);
            return null;
        });
    }

    /** Adds to what the backend may hold already. If that fails, what it held is put back, or nothing is asked of it. */
    @Override
    public void merge(AbandonableLock stripe, String key, long value) {
        OptionalLong before = get(stripe, key);
        long held = before.orElse(0);
        long sum = held + value;
        if (((held ^ sum) & (value ^ sum)) < 0 || sum == Long.MIN_VALUE) {
            throw new IllegalStateException(
                    "sum is out of range: key=" + CounterNames.printable(key) + " held=" + held + " added=" + value);
        }
        recordKey(key);
        pendingDeletes.add(key); // until it is known that the backend has the sum, or has what it had
        try {
            call(stripe, key, true, () -> service.set(namespace, key, sum));
        } catch (CounterException e) {
            putBack(stripe, key, before);
            throw e;
        }
        pendingDeletes.remove(key);
    }

    private void putBack(AbandonableLock stripe, String key, OptionalLong before) {
        try {
            if (before.isPresent()) {
                call(stripe, key, true, () -> service.set(namespace, key, before.getAsLong()));
            } else {
                delete(stripe, key);
            }
            pendingDeletes.remove(key);
        } catch (CounterException e) {
            // It stays unclean, and the backend is no target before it has deleted the key.
        }
    }

    @Override
    public long transfer(AbandonableLock stripe, String key, CounterStore to) {
        OptionalLong present = get(stripe, key);
        if (present.isEmpty()) {
            return Cell.SEALED;
        }
        put(stripe, key, present.getAsLong(), to);
        pendingDeletes.add(key);
        try {
            delete(stripe, key);
            pendingDeletes.remove(key);
        } catch (CounterException e) {
            // It is handed over all the same: what the backend says of an unclean key does not count.
        }
        return present.getAsLong();
    }

    /** Brings a value that was read here to another place. */
    static void put(AbandonableLock stripe, String key, long value, CounterStore to) {
        WideCell from = new WideCell(key);
        from.init(value);
        if (to.insert(key, from) == Cell.SEALED) {
            to.merge(stripe, key, value);
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

    /** What the backend tells of its sizes may be an estimate; this is not. */
    @Override
    public boolean isEmpty() {
        boolean[] any = new boolean[1];
        keys(key -> any[0] = true);
        return !any[0];
    }

    private BackendUnavailableException gone() {
        return BackendUnavailableException.notApplied("backend " + backend.label() + " has left", namespace);
    }

    /** A call that is not on one key, so that no stripe keeps the backend from leaving. */
    final <R> R read(Supplier<R> question) {
        rejectReentrantCall(namespace);
        if (!backend.acquireForRead()) {
            throw gone();
        }
        try {
            return foreign(false, question);
        } finally {
            backend.release();
        }
    }

    final <R> R call(AbandonableLock stripe, String key, boolean changes, Supplier<R> call) {
        if (backend.isClosed()) {
            throw gone();
        }
        boolean exclusive = stripe.enterBackend();
        try {
            return foreign(changes, call);
        } finally {
            try {
                stripe.exitBackend(exclusive);
            } catch (AbandonableLock.AbandonedException e) {
                if (changes) {
                    abandoned(key);
                }
                throw e;
            }
        }
    }

    /** After a change was given up: it may have had its effect after all that counts was taken out. */
    void abandoned(String key) {
        pendingDeletes.add(key);
    }

    final <R> R foreign(boolean changes, Supplier<R> call) {
        boolean[] abroad = IN_BACKEND.get();
        abroad[0] = true;
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
            abroad[0] = false;
        }
    }
}
