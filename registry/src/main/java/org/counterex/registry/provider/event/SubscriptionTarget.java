package org.counterex.registry.provider.event;

import java.util.List;
import java.util.Map;
import org.counterex.api.CounterEvent;
import org.counterex.api.CounterEvent.Operation;

/**
 * A source of counter events, to which {@link ListenerRegistry} assigns the queues of the listeners that subscribe to
 * it.
 */
public interface SubscriptionTarget {

    /** Returns the name of the namespace, which the filters of listeners are matched with. */
    String name();

    /**
     * Replaces the queues that receive the events of this namespace. Called under the lock of the {@link
     * ListenerRegistry}.
     *
     * @param queues by operation, the queues that receive its events; empty if no listener subscribes to this namespace
     */
    void setQueues(Map<Operation, List<EventQueue<CounterEvent>>> queues);
}
