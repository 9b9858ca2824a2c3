package org.counterex.registry.provider.namespace;

import org.counterex.api.CapacityExceededException;
import org.counterex.registry.provider.placement.Placement;

/** What a namespace asks of the registry. */
public interface NamespaceHost {

    /** How long a call may wait for a plain backend. */
    long callTimeoutMs();

    /** @throws org.counterex.api.NoBackendException the namespace lives nowhere and no backend was ever there */
    void requireBackend(Namespace namespace, Placement seen);

    /**
     * Gives a namespace that lives nowhere its home, unless the residence has changed.
     *
     * @throws org.counterex.api.NoBackendException there is no backend and never was one
     */
    void place(Namespace namespace, Placement seen);

    /** Moves a namespace to a new table of the same backend, unless the residence has changed. */
    void replaceExhaustedTable(Namespace namespace, Placement seen);

    /** Tells those who listen to a namespace; null if nobody does. */
    ObservedOperations observer(Namespace namespace);

    /** Notes that a caller was refused for want of room. */
    void capacityExceeded(Namespace namespace, CapacityExceededException refusal);

    /** Notes that a drain took only a part. */
    void drainEndedEarly(Namespace namespace, int taken, Exception reason);
}
