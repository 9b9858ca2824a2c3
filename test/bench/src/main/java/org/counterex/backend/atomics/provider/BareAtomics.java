package org.counterex.backend.atomics.provider;

import org.counterex.api.backend.CounterBackend;

/** The backend {@code atomics} without its component. It is in the package of the backend, which the class path allows. */
public final class BareAtomics {

    private BareAtomics() {}

    /** A new instance for values below 0 as well. */
    public static CounterBackend backend(int capacity) {
        return new AtomicsBackend("atomics", capacity, true);
    }
}
