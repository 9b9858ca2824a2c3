package org.counterex.backend.counters.provider;

import org.counterex.api.backend.CounterBackend;

/** Factory of the backend {@code counters} without its component, in the package of its package-private constructor. */
public final class BareCounters {

    private BareCounters() {}

    /** Returns a new instance with striped counters. */
    public static CounterBackend backend(int capacity) {
        return new CountersBackend("counters", capacity, true);
    }
}
