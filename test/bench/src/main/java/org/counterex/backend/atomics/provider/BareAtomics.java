package org.counterex.backend.atomics.provider;

import org.counterex.api.backend.CounterBackend;

/** Factory of the backend {@code atomics} without its component, in the package of its package-private constructor. */
public final class BareAtomics {

    private BareAtomics() {}

    /** Returns a new instance for values below 0 as well. */
    public static CounterBackend backend(int capacity) {
        return new AtomicsBackend("atomics", capacity, true);
    }
}
