package org.counterex.registry.provider.event;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes the threads that empty postboxes. They are made by a thread of its own: a thread keeps the classes that were on the
 * stack when it was made, and listeners are bound on the stacks of bundles that may leave earlier.
 */
public final class DispatchThreads {

    private final ThreadPoolExecutor starter = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> daemon(task, "counterex-couriers"));

    /** Makes that one thread, at a time when nobody's classes are on the stack that could leave. */
    public void prepare() {
        starter.prestartCoreThread();
    }

    /**
     * Has a postbox emptied until its end.
     *
     * @param name of the thread
     */
    void start(EventQueue<?> postbox, String name) {
        try {
            starter.execute(() -> daemon(postbox::dispatchLoop, name).start());
        } catch (RejectedExecutionException e) {
            // The registry has stopped, and nobody will be told anything.
        }
    }

    /** No more threads are made. */
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
