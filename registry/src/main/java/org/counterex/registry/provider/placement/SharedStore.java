package org.counterex.registry.provider.placement;

import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.backend.table.AdditionBuffer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.api.backend.table.WriteBufferingBackend;
import org.counterex.registry.provider.backend.AbandonableLock;
import org.counterex.registry.provider.backend.BackendHandle;

/**
 * Store over a backend whose values other runtimes use too. A counter is taken or added to in one step, never read and
 * written back later; what the backend holds of a key after that was added by others.
 *
 * <p>If the backend offers an {@link AdditionBuffer}, callers add to it without a call into the backend. The first
 * addition requests the buffer; it is closed before counters are taken from this store, see {@code Namespace}.
 */
public final class SharedStore extends DelegatingStore {

    /**
     * Keys with a running call that merges or undoes a transferred value: the value read for them may be too high or
     * too low.
     */
    private final Set<String> inDoubt = ConcurrentHashMap.newKeySet();

    /**
     * The buffer that callers may be given; null before the first addition and after it was closed. There is one at a
     * time: a thread that is late with another one, which no caller has seen, drops it.
     */
    private final AtomicReference<AdditionBuffer> additions = new AtomicReference<>();

    SharedStore(BackendHandle backend, String namespace) {
        super(backend, namespace);
    }

    /** Returns the buffer that callers may add to; null if there is none. */
    public AdditionBuffer additions() {
        return additions.get();
    }

    /**
     * Closes the buffer: when this returns, every cell that callers were given is sealed, and what they have added is
     * part of the values that are taken from this store afterwards.
     *
     * @throws BackendUnavailableException cells may still be open
     */
    public void closeAdditions() {
        AdditionBuffer open = additions.get();
        if (open != null) {
            read(() -> {
                open.close();
                return null;
            });
            additions.compareAndSet(open, null);
        }
    }

    @Override
    public long apply(AbandonableLock lock, String key, CellUpdate update, boolean wantsResult) {
        if (!wantsResult && additions.get() == null && service instanceof WriteBufferingBackend buffering) {
            additions.compareAndSet(null, call(lock, key, false, () -> buffering.additionBuffer(namespace)));
        }
        return super.apply(lock, key, update, wantsResult);
    }

    /** Checks that the backend answers before counters are transferred to or from it. */
    @Override
    public void probe() {
        read(() -> {
            service.flush(namespace);
            return null;
        });
    }

    /** A call that was abandoned meanwhile returns what it has taken. */
    @Override
    public OptionalLong remove(AbandonableLock lock, String key) {
        OptionalLong[] taken = {OptionalLong.empty()};
        try {
            return call(lock, key, true, () -> taken[0] = service.take(namespace, key));
        } catch (AbandonableLock.AbandonedException e) {
            taken[0].ifPresent(value -> undo(key, value));
            throw e;
        }
    }

    /** A call that was abandoned meanwhile takes back what it has added. */
    @Override
    public void merge(AbandonableLock lock, String key, long value) {
        boolean[] merged = new boolean[1];
        inDoubt.add(key); // if this call is abandoned, the merged value stays in this store
        try {
            call(lock, key, true, () -> {
                service.merge(namespace, key, value);
                return merged[0] = true;
            });
        } catch (AbandonableLock.AbandonedException e) {
            if (merged[0]) {
                undo(key, -value);
            }
            throw e;
        } finally {
            inDoubt.remove(key);
        }
    }

    private void undo(String key, long value) {
        if (!backend().isClosed()) {
            foreign(true, () -> {
                service.merge(namespace, key, value);
                return null;
            });
        }
    }

    @Override
    public long transfer(AbandonableLock lock, String key, CounterStore to) {
        OptionalLong taken = inDoubt.contains(key) ? OptionalLong.empty() : remove(lock, key);
        if (taken.isEmpty()) {
            return Cell.SEALED;
        }
        try {
            put(lock, key, taken.getAsLong(), to);
        } catch (RuntimeException | OutOfMemoryError e) {
            merge(lock, key, taken.getAsLong());
            throw e;
        }
        return taken.getAsLong();
    }

    /** After one pass over all counters nothing of this runtime is left; other runtimes may go on counting. */
    @Override
    public boolean isEmpty() {
        return true;
    }

    /** Nothing is deleted later: it would be the values of other runtimes. */
    @Override
    void abandoned(String key) {}
}
