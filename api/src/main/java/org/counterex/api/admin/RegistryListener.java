package org.counterex.api.admin;

import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterListener;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A whiteboard service that is told of what happens seldom and is worth knowing. Implement what is of interest.
 *
 * <p><b>Threads.</b> One thread of the registry calls all listeners, one after the other, in the order of events and some time
 * after them. No lock is held, and nothing that counts or moves waits for a listener; a slow one makes the others wait. What a
 * listener throws is logged and reaches nobody. If {@value CounterListener#QUEUE_CAPACITY} events are waiting, further ones are
 * dropped, which is logged.
 *
 * <p>What was so before the listener was registered is not told again, but for what is just on its way: ask
 * {@link BackendRegistry}. Objects that are handed out are shared by all listeners and must not be changed.
 *
 * <p><b>Leaving.</b> When it has been unregistered it is not called any more. A call that is under way is waited for, two
 * seconds at the most.
 */
@ConsumerType
public interface RegistryListener {

    /**
     * A backend has come. Namespaces may move to it afterwards.
     *
     * @param backend without namespaces, capacity and details: of those {@link BackendRegistry#backends} asks it
     */
    default void backendArrived(BackendDTO backend) {}

    /**
     * A backend has left: nothing calls it any more.
     *
     * @param backend without namespaces, capacity and details
     */
    default void backendLeft(BackendDTO backend) {}

    /** A move has been recorded, whatever its outcome. */
    default void moved(MoveDTO move) {}

    /**
     * A caller met a {@link CapacityExceededException}. Told once a second at most for each namespace, however many there are.
     *
     * @param backend where the namespace lives, as {@code type/name}
     * @param reason one line, which names the key and the capacity
     */
    default void capacityExceeded(String namespace, String backend, String reason) {}

    /**
     * A periodic sweep has emptied a namespace.
     *
     * @param counters how many it had; 1 or more
     * @param sum of their values, a decimal number that may be wider than 64 bits
     */
    default void swept(String namespace, long counters, String sum) {}
}
