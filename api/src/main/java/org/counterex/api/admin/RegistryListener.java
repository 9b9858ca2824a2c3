package org.counterex.api.admin;

import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterListener;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard service that receives the rare events of the registry. Implement the methods of interest.
 *
 * <p><b>Threads.</b> One thread of the registry calls all listeners, one after the other, in the order of the events
 * and some time after them. No lock is held, and no counting or moving thread waits for a listener; a slow listener
 * delays the others. An exception is logged. If {@value CounterListener#QUEUE_CAPACITY} events are queued, further ones
 * are dropped, which is logged.
 *
 * <p>Events before the registration of a listener are not repeated; {@link BackendRegistry} reports the present state.
 * The objects passed are shared by all listeners and must not be modified.
 *
 * <p><b>Leaving.</b> After a listener was unregistered it is not called any more. A running call is waited for, two
 * seconds at most.
 */
@ConsumerType
public interface RegistryListener {

    /**
     * Called after a backend was bound. Namespaces may move to it afterwards.
     *
     * @param backend without namespaces, capacity and details, which {@link BackendRegistry#backends} reports
     */
    default void backendArrived(BackendDTO backend) {}

    /**
     * Called after a backend has left; it is not called any more.
     *
     * @param backend without namespaces, capacity and details
     */
    default void backendLeft(BackendDTO backend) {}

    /** Called after a move was recorded, whatever its outcome. */
    default void moved(MoveDTO move) {}

    /**
     * Called after a caller received a {@link CapacityExceededException}, at most once a second for each namespace.
     *
     * @param backend the backend of the namespace, as {@code type/name}
     * @param reason one line, which names the key and the capacity
     */
    default void capacityExceeded(String namespace, String backend, String reason) {}

    /**
     * Called after a periodic sweep has emptied a namespace.
     *
     * @param counters the number of counters it had; 1 or more
     * @param sum of their values, a decimal number that may be wider than 64 bits
     */
    default void swept(String namespace, long counters, String sum) {}
}
