package org.counterex.registry.provider;

import java.util.OptionalLong;
import java.util.function.Consumer;
import org.counterex.api.NoBackendException;
import org.counterex.api.backend.KeyStep;

/** The home of a namespace that has never had a counter, or of any after the registry has stopped. */
final class NoHome extends Home {

    /** Nothing is here; the first counter decides where the namespace lives. */
    static final NoHome UNBORN = new NoHome("nowhere");

    /** The registry has stopped. */
    static final NoHome STOPPED = new NoHome("nowhere, the registry has stopped");

    private final String label;

    private NoHome(String label) {
        this.label = label;
    }

    @Override
    Backend backend() {
        return null;
    }

    @Override
    String label() {
        return label;
    }

    @Override
    long apply(Stripe stripe, String key, KeyStep step, boolean told) {
        return step.applyAsLong(0); // only a step that creates nothing comes here
    }

    @Override
    OptionalLong get(Stripe stripe, String key) {
        return OptionalLong.empty();
    }

    @Override
    OptionalLong remove(Stripe stripe, String key) {
        return OptionalLong.empty();
    }

    @Override
    void merge(Stripe stripe, String key, long value) {
        throw new NoBackendException(label, key);
    }

    @Override
    long handOver(Stripe stripe, String key, Home to) {
        throw new NoBackendException(label, key);
    }

    @Override
    void keys(Consumer<String> action) {}

    @Override
    long size() {
        return 0;
    }
}
