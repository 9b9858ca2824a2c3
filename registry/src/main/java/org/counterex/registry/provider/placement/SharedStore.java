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
import org.counterex.registry.provider.namespace.Namespace;

/**
 * A namespace in a backend on which others count too. Nothing is read here and written back later: a counter is taken or added to in
 * one step, and what the backend still has of a key after that is others'.
 *
 * <p>Where the backend gathers {@link AdditionBuffer}, these are how callers add without a call into it. They are asked for by the first
 * addition, and closed before counters are taken from here: see {@link Namespace}.
 */
public final class SharedStore extends DelegatingStore {

    /** Keys with a call that adds or takes back what was handed over: what is said of them is too much or too little. */
    private final Set<String> inDoubt = ConcurrentHashMap.newKeySet();

    /**
     * What callers may be shown; null before an addition has asked for it, and after it was closed. One at a time: whoever is
     * late with another one, which nobody was shown, drops it.
     */
    private final AtomicReference<AdditionBuffer> additions = new AtomicReference<>();

    SharedStore(BackendHandle backend, String namespace) {
        super(backend, namespace);
    }

    public AdditionBuffer additions() {
        return additions.get();
    }

    /**
     * Returns when every cell that callers were shown is sealed; what they have added is in what is taken from here afterwards.
     *
     * @throws BackendUnavailableException they may still be open
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
    public long apply(AbandonableLock stripe, String key, CellUpdate step, boolean told) {
        if (!told && additions.get() == null && service instanceof WriteBufferingBackend buffering) {
            additions.compareAndSet(null, call(stripe, key, false, () -> buffering.additionBuffer(namespace)));
        }
        return super.apply(stripe, key, step, told);
    }

    /** Before counters are handed over, here or away from here: whether there is an answer. */
    @Override
    public void probe() {
        read(() -> {
            service.flush(namespace);
            return null;
        });
    }

    /** Who has been given up meanwhile gives back what it has taken. */
    @Override
    public OptionalLong remove(AbandonableLock stripe, String key) {
        OptionalLong[] taken = {OptionalLong.empty()};
        try {
            return call(stripe, key, true, () -> taken[0] = service.take(namespace, key));
        } catch (AbandonableLock.AbandonedException e) {
            taken[0].ifPresent(value -> undo(key, value));
            throw e;
        }
    }

    /** Who has been given up meanwhile takes back what it has added. */
    @Override
    public void merge(AbandonableLock stripe, String key, long value) {
        boolean[] merged = new boolean[1];
        inDoubt.add(key); // who gives this call up is to leave here what it has brought
        try {
            call(stripe, key, true, () -> {
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
    public long transfer(AbandonableLock stripe, String key, CounterStore to) {
        OptionalLong taken = inDoubt.contains(key) ? OptionalLong.empty() : remove(stripe, key);
        if (taken.isEmpty()) {
            return Cell.SEALED;
        }
        try {
            put(stripe, key, taken.getAsLong(), to);
        } catch (RuntimeException | OutOfMemoryError e) {
            merge(stripe, key, taken.getAsLong());
            throw e;
        }
        return taken.getAsLong();
    }

    /** When every counter has been looked at once since we count elsewhere, nothing of ours is left; others may go on. */
    @Override
    public boolean isEmpty() {
        return true;
    }

    /** Nothing is to be deleted later: it would be others'. */
    @Override
    void abandoned(String key) {}
}
