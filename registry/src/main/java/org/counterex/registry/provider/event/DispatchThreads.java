package org.counterex.registry.provider.event;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Factory of the threads that dispatch {@linkplain EventQueue queued events}.
 *
 * <p>A new thread inherits the access control context of its creator, and so refers to the classes on the creator's
 * stack. Listeners are bound on stacks of bundles that may be uninstalled earlier. So dispatch threads are created by a
 * starter thread, which itself is created before any listener is bound.
 */
public final class DispatchThreads {

    private final ThreadPoolExecutor starter = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, "counterex-dispatch-starter"));

    /** Creates the starter thread. Called while no classes of other bundles are on the stack. */
    public void prepare() {
        starter.prestartCoreThread();
    }

    /**
     * Starts a thread that dispatches the events of a queue until it is closed.
     *
     * @param name the name of the thread
     */
    void start(EventQueue<?> queue, String name) {
        try {
            starter.execute(() -> daemon(queue::dispatchLoop, name).start());
        } catch (RejectedExecutionException e) {
            // The registry has stopped: no listener is notified any more.
        }
    }

    /** Stops the starter thread; later calls of {@link #start} have no effect. */
    public void shutdown() {
        starter.shutdown();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }
}
