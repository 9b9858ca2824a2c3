package org.counterex.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard service that is notified of every operation that changes counters or attempts to. Reads are not reported.
 *
 * <p><b>Filter.</b> The service properties {@link #NAMESPACES} and {@link #OPERATIONS} restrict what is reported;
 * without them everything is. Operations that no listener matches cost nothing extra. A listener with an invalid
 * property is not notified at all, which is logged.
 *
 * <p><b>Threads.</b> Each listener has its own thread, which delivers one event after the other, some time after the
 * operation. A listener that is slow, hangs or throws therefore affects neither callers nor other listeners. An
 * exception is logged, at first and then at most once a minute. Events caused by one thread arrive in the order of its
 * calls; those of several threads in any order.
 *
 * <p><b>Completeness.</b> Every call that begins while the listener is registered results in exactly one event,
 * delivered or reported as dropped by {@link #onDropped}: at most {@value #QUEUE_CAPACITY} events are queued, further
 * ones are dropped. Calls rejected with {@link IllegalArgumentException} or {@link IllegalStateException} result in no
 * event. Events still queued when the listener is unregistered are discarded.
 *
 * <p><b>Unregistering.</b> After it has been unregistered, the listener is not called any more. A call in progress is
 * awaited for two seconds; after that its thread is interrupted.
 *
 * <p><b>Counting.</b> A listener may count. If its own operations match its filter, each event causes another one for
 * as long as it is registered, which keeps its thread busy and affects no other; choose the filter so that they do not
 * match.
 */
@ConsumerType
@FunctionalInterface
public interface CounterListener {

    /** Service property {@code String+}: {@linkplain Glob globs} of the namespaces to report; all if it is missing. */
    String NAMESPACES = "counterex.listener.namespaces";

    /**
     * Service property {@code String+}: {@linkplain CounterEvent.Operation#text texts} of the operations to report; all
     * if it is missing.
     */
    String OPERATIONS = "counterex.listener.operations";

    /** The largest number of events queued for one listener. */
    int QUEUE_CAPACITY = 16_384;

    /** Receives one operation that has ended. */
    void onOperation(CounterEvent event);

    /**
     * Receives the number of events that were dropped because the queue was full.
     *
     * @param events the number of events dropped since the previous call; 1 or more
     */
    default void onDropped(long events) {}
}
