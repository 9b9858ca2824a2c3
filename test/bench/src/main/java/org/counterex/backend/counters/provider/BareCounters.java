package org.counterex.backend.counters.provider;

import org.counterex.api.backend.CounterBackend;

/** The backend {@code counters} without its component. It is in the package of the backend, which the class path allows. */
public final class BareCounters {

    private BareCounters() {}

    /** A new instance with striped counters. */
    public static CounterBackend backend(int capacity) {
        return new CountersBackend("counters", capacity, true);
    }
}
