package org.counterex.registry.provider.placement;

import java.util.OptionalLong;
import java.util.function.Consumer;
import org.counterex.api.NoBackendException;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.registry.provider.backend.AbandonableLock;
import org.counterex.registry.provider.backend.BackendHandle;

/** Empty store of a namespace that has never had a counter, or of every namespace after the registry has stopped. */
public final class UnplacedStore extends CounterStore {

    /** The namespace has no counters; its first one decides where it is placed. */
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
    public long apply(AbandonableLock lock, String key, CellUpdate update, boolean wantsResult) {
        return update.applyAsLong(0); // only an update that creates nothing is applied here
    }

    @Override
    public OptionalLong get(AbandonableLock lock, String key) {
        return OptionalLong.empty();
    }

    @Override
    public OptionalLong remove(AbandonableLock lock, String key) {
        return OptionalLong.empty();
    }

    @Override
    public void merge(AbandonableLock lock, String key, long value) {
        throw new NoBackendException(label, key);
    }

    @Override
    public long transfer(AbandonableLock lock, String key, CounterStore target) {
        throw new NoBackendException(label, key);
    }

    @Override
    public void keys(Consumer<String> action) {}

    @Override
    public long size() {
        return 0;
    }
}
