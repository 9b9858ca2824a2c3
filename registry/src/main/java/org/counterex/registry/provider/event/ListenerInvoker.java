package org.counterex.registry.provider.event;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.counterex.support.log.ServiceLog;

/**
 * Guard around the calls of one listener: logs what the listener throws, the first time and then at most once a minute,
 * with the number of failures so far. Not thread-safe.
 */
final class ListenerInvoker<L> {

    private static final long LOG_INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);

    private final ServiceLog log;
    private final L listener;
    private long failures;
    private long logged;

    ListenerInvoker(ServiceLog log, L listener) {
        this.log = log;
        this.listener = listener;
    }

    L listener() {
        return listener;
    }

    /**
     * Calls the listener. Catches any error, also a stack overflow or failed assertion: other listeners must not be
     * affected.
     */
    void call(Consumer<? super L> call) {
        try {
            call.accept(listener);
        } catch (Throwable e) {
            long now = System.nanoTime();
            failures++;
            if (failures == 1 || now - logged > LOG_INTERVAL_NS) {
                logged = now;
                log.error(
                        "listener threw an exception: listener="
                                + listener.getClass().getName() + " failures=" + failures + " reason=" + e,
                        e);
            }
        }
    }
}
