package org.counterex.api.admin;

import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterListener;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard service that is notified of administrative events: backends, moves, exhausted capacity and sweeps. Every method
 * has an empty default.
 *
 * <p><b>Threads.</b> One thread of the registry calls all listeners one after the other, in the order of the events and some
 * time after them. No lock is held, and neither callers nor moves wait for a listener, but a slow listener delays the
 * others. An exception is logged and otherwise ignored. At most {@value CounterListener#QUEUE_CAPACITY} events are queued;
 * further ones are dropped, which is logged.
 *
 * <p><b>Completeness.</b> Events that precede the registration of the listener are not repeated, except those still queued;
 * {@link BackendRegistry} has the present state. The objects passed are shared by all listeners and must not be modified.
 *
 * <p><b>Unregistering.</b> After it has been unregistered, the listener is not called any more. A call in progress is
 * awaited for two seconds.
 */
@ConsumerType
public interface RegistryListener {

    /**
     * Receives a backend that has become active. Namespaces may be moved to it afterwards.
     *
     * @param backend without namespaces, capacity and details, which {@link BackendRegistry#backends} obtains from the
     *     backend
     */
    default void backendArrived(BackendDTO backend) {}

    /**
     * Receives a backend that has left: it is not called any more.
     *
     * @param backend without namespaces, capacity and details
     */
    default void backendLeft(BackendDTO backend) {}

    /** Receives the record of a move that has ended, with any outcome. */
    default void moved(MoveDTO move) {}

    /**
     * Receives a {@link CapacityExceededException} that a caller got; at most one a second for each namespace.
     *
     * @param backend the backend of the namespace, as {@code type/name}
     * @param reason one line that contains the key and the capacity
     */
    default void capacityExceeded(String namespace, String backend, String reason) {}

    /**
     * Receives the result of a periodic sweep that has drained a namespace.
     *
     * @param counters the number of counters removed; 1 or more
     * @param sum the sum of their values, a decimal number that may exceed 64 bits
     */
    default void swept(String namespace, long counters, String sum) {}
}
