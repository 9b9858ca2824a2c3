package org.counterex.registry.provider;

import org.counterex.api.CapacityExceededException;

/** What a namespace asks of the registry. */
interface Registrar {

    /** How long a call may wait for a plain backend. */
    long callTimeoutMs();

    /** @throws org.counterex.api.NoBackendException the namespace lives nowhere and no backend was ever there */
    void requireBackend(Namespace namespace, Residence seen);

    /**
     * Gives a namespace that lives nowhere its home, unless the residence has changed.
     *
     * @throws org.counterex.api.NoBackendException there is no backend and never was one
     */
    void settle(Namespace namespace, Residence seen);

    /** Moves a namespace to a new table of the same backend, unless the residence has changed. */
    void renewTable(Namespace namespace, Residence seen);

    /** Tells those who listen to a namespace; null if nobody does. */
    Observer observer(Namespace namespace);

    /** Notes that a caller was refused for want of room. */
    void capacityExceeded(Namespace namespace, CapacityExceededException refusal);

    /** Notes that a drain took only a part. */
    void drainEndedEarly(Namespace namespace, int taken, Exception reason);
}
