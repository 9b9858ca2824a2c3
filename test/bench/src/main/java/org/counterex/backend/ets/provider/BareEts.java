package org.counterex.backend.ets.provider;

import org.counterex.api.backend.CounterBackend;

/** The backend {@code ets} without its component. It is in the package of the backend, which the class path allows. */
public final class BareEts {

    private BareEts() {}

    /** A new instance. */
    public static CounterBackend backend() {
        return new EtsBackend("ets");
    }
}
