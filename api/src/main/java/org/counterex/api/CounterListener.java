package org.counterex.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A whiteboard service that is told of every operation that changes counters, or tried to. Reading is no such operation.
 *
 * <p><b>Filter.</b> The service properties {@link #NAMESPACES} and {@link #OPERATIONS} say what it is told of; without them it
 * is told of everything. Whoever counts elsewhere pays nothing for it. A listener with properties that make no sense is told
 * nothing, which is logged.
 *
 * <p><b>Threads.</b> Each listener has a thread of its own, which calls it with one event after the other, some time after the
 * operation. So a listener that is slow, hangs or throws is no matter to those who count, nor to other listeners. What it
 * throws is logged, at first and then once a minute at most. Events of one thread of callers come in the order of its calls;
 * those of several threads in any order.
 *
 * <p><b>Completeness.</b> Every call that begins while the listener is registered ends in exactly one event, or is among those
 * that were {@link #onDropped}: {@value #QUEUE_CAPACITY} events wait at the most, and what comes beyond is dropped. Calls that were
 * refused with an {@link IllegalArgumentException} or {@link IllegalStateException} are none. What waits when the listener is
 * unregistered is dropped.
 *
 * <p><b>Leaving.</b> When it has been unregistered it is not called any more. A call that is under way is waited for, two
 * seconds at the most; after that its thread is interrupted.
 *
 * <p>A listener may count. If it is told of what it counts itself, each event leads to another for as long as it is registered,
 * which keeps its thread busy but nobody else: choose the filter so that it is not.
 */
@ConsumerType
@FunctionalInterface
public interface CounterListener {

    /** Service property: {@linkplain Glob globs} of the namespaces that it is told of; all if it is absent. One text, or several. */
    String NAMESPACES = "counterex.listener.namespaces";

    /** Service property: {@linkplain CounterEvent.Operation#text texts} of the operations that it is told of; all if it is absent. */
    String OPERATIONS = "counterex.listener.operations";

    /** The most events that wait for a listener. */
    int QUEUE_CAPACITY = 16_384;

    /** Is told of one operation that has ended. */
    void onOperation(CounterEvent event);

    /**
     * Is told that events were dropped, as too many were waiting, since it was last told so.
     *
     * @param events how many; 1 or more
     */
    default void onDropped(long events) {}
}
