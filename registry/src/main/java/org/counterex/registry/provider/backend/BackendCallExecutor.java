package org.counterex.registry.provider.backend;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Executor for calls into backends without tables, which may be slow or hang. A caller waits for such a call no longer
 * than configured, unless counters are being transferred meanwhile.
 *
 * <p><b>Threads.</b> Any method may be called from any thread. The threads of this class are daemons without a context
 * class loader; one that hangs in a backend is interrupted and left behind.
 */
public final class BackendCallExecutor {

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "counterex-backend-call");
        thread.setDaemon(true);
        thread.setContextClassLoader(null); // the creator's would pin its bundle
        return thread;
    });

    private final long timeoutMs;

    /** Number of counters transferred so far, written by one thread at a time: while it grows, nothing hangs. */
    private volatile long progress;

    /** @param timeoutMs how long to wait for a call that makes no progress */
    public BackendCallExecutor(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    /** Returns how long a call into a backend may take, in milliseconds. */
    public long timeoutMs() {
        return timeoutMs;
    }

    /** Records that a counter was transferred, so that the wait for the running call starts again. */
    public void recordProgress() {
        progress++;
    }

    /**
     * Runs a task in the calling thread, or, if it calls a backend, in another thread for a bounded time.
     *
     * @param foreign whether the task calls a backend
     * @return the result of the task
     * @throws TimeoutException the task made no progress for the configured time, or the caller was interrupted; the
     *     task may still be running
     * @throws RuntimeException thrown by the task; a checked exception or error is the cause of an {@link
     *     IllegalStateException}
     */
    public <R> R callWithin(boolean foreign, Callable<R> task) throws TimeoutException {
        Future<R> result = null;
        try {
            if (!foreign) {
                return task.call();
            }
            result = threads.submit(task);
            for (; ; ) {
                long before = progress;
                try {
                    return result.get(timeoutMs, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (progress == before) {
                        throw e;
                    }
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            result.cancel(true);
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("interrupted");
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a task in a thread of this class without waiting for it. After {@link #shutdown} the task is dropped. */
    public void runAsync(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            // The registry has stopped, and the task concerns only the registry.
        }
    }

    /** Accepts no further tasks. */
    public void shutdown() {
        threads.shutdown();
    }
}
