package org.counterex.registry.provider.placement;

import java.util.OptionalLong;
import java.util.function.Consumer;
import org.counterex.api.NoBackendException;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.registry.provider.backend.AbandonableLock;
import org.counterex.registry.provider.backend.BackendHandle;

/** The home of a namespace that has never had a counter, or of any after the registry has stopped. */
public final class UnplacedStore extends CounterStore {

    /** Nothing is here; the first counter decides where the namespace lives. */
    public static final UnplacedStore UNPLACED = new UnplacedStore("unplaced");

    /** The registry has stopped. */
    public static final UnplacedStore STOPPED = new UnplacedStore("registry has stopped");

    private final String label;

    private UnplacedStore(String label) {
        this.label = label;
    }

    @Override
    public BackendHandle backend() {
        return null;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public long apply(AbandonableLock stripe, String key, CellUpdate step, boolean told) {
        return step.applyAsLong(0); // only a step that creates nothing comes here
    }

    @Override
    public OptionalLong get(AbandonableLock stripe, String key) {
        return OptionalLong.empty();
    }

    @Override
    public OptionalLong remove(AbandonableLock stripe, String key) {
        return OptionalLong.empty();
    }

    @Override
    public void merge(AbandonableLock stripe, String key, long value) {
        throw new NoBackendException(label, key);
    }

    @Override
    public long transfer(AbandonableLock stripe, String key, CounterStore to) {
        throw new NoBackendException(label, key);
    }

    @Override
    public void keys(Consumer<String> action) {}

    @Override
    public long size() {
        return 0;
    }
}
