package org.counterex.registry.provider;

import java.util.OptionalLong;
import java.util.function.Consumer;
import org.counterex.api.NoBackendException;
import org.counterex.api.backend.table.CellUpdate;

/** The home of a namespace that has never had a counter, or of any after the registry has stopped. */
final class UnplacedStore extends CounterStore {

    /** Nothing is here; the first counter decides where the namespace lives. */
    static final UnplacedStore UNPLACED = new UnplacedStore("unplaced");

    /** The registry has stopped. */
    static final UnplacedStore STOPPED = new UnplacedStore("registry has stopped");

    private final String label;

    private UnplacedStore(String label) {
        this.label = label;
    }

    @Override
    BackendHandle backend() {
        return null;
    }

    @Override
    String label() {
        return label;
    }

    @Override
    long apply(AbandonableLock stripe, String key, CellUpdate step, boolean told) {
        return step.applyAsLong(0); // only a step that creates nothing comes here
    }

    @Override
    OptionalLong get(AbandonableLock stripe, String key) {
        return OptionalLong.empty();
    }

    @Override
    OptionalLong remove(AbandonableLock stripe, String key) {
        return OptionalLong.empty();
    }

    @Override
    void merge(AbandonableLock stripe, String key, long value) {
        throw new NoBackendException(label, key);
    }

    @Override
    long transfer(AbandonableLock stripe, String key, CounterStore to) {
        throw new NoBackendException(label, key);
    }

    @Override
    void keys(Consumer<String> action) {}

    @Override
    long size() {
        return 0;
    }
}
