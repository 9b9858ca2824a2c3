package org.counterex.registry.provider.namespace;

import org.counterex.api.CapacityExceededException;
import org.counterex.registry.provider.placement.Placement;

/** Registry as a namespace sees it: places it, and receives what has to be reported. */
public interface NamespaceHost {

    /** Returns how long a call may wait for a backend without tables, in milliseconds. */
    long callTimeoutMs();

    /** @throws org.counterex.api.NoBackendException the namespace is unplaced and no backend was ever bound */
    void requireBackend(Namespace namespace, Placement seen);

    /**
     * Places an unplaced namespace, unless its placement has changed.
     *
     * @throws org.counterex.api.NoBackendException no backend was ever bound
     */
    void place(Namespace namespace, Placement seen);

    /** Moves a namespace to a new table of the same backend, unless its placement has changed. */
    void replaceExhaustedTable(Namespace namespace, Placement seen);

    /** Returns the operations with events of a namespace; null if no listener subscribes to it. */
    ObservedOperations observer(Namespace namespace);

    /** Publishes that a caller was rejected because the capacity is exceeded. */
    void capacityExceeded(Namespace namespace, CapacityExceededException refusal);

    /** Logs that a drain has taken only a part of the counters. */
    void drainEndedEarly(Namespace namespace, int taken, Exception reason);
}
