package org.counterex.registry.provider.event;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.counterex.support.log.ServiceLog;

/**
 * Calls a listener and logs what it throws: at first, and then once a minute at most, with what it has thrown in between. For one
 * thread.
 */
final class ListenerInvoker<L> {

    private static final long PAUSE_NS = TimeUnit.MINUTES.toNanos(1);

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

    /** Calls it. Any error is its own: a listener that overflows its stack or asserts too much is no matter to others. */
    void call(Consumer<? super L> call) {
        try {
            call.accept(listener);
        } catch (Throwable e) {
            long now = System.nanoTime();
            failures++;
            if (failures == 1 || now - logged > PAUSE_NS) {
                logged = now;
                log.error(
                        "a listener fails: listener=" + listener.getClass().getName() + " failures=" + failures
                                + " reason=" + e,
                        e);
            }
        }
    }
}
