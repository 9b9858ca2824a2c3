package org.counterex.backend.ets.provider;

import org.counterex.api.backend.CounterBackend;

/** Factory of the backend {@code ets} without its component, in the package of its package-private constructor. */
public final class BareEts {

    private BareEts() {}

    /** Returns a new instance. */
    public static CounterBackend backend() {
        return new EtsBackend("ets");
    }
}
