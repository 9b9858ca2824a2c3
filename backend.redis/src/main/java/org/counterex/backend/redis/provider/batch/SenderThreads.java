package org.counterex.backend.redis.provider.batch;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that send batches and run the periodic tasks of one backend. After {@link #shutDown} tasks are dropped: what
 * is left in the queues goes to the pending file.
 */
public final class SenderThreads {

    private final ScheduledThreadPoolExecutor executor;

    public SenderThreads(int count) {
        executor = new ScheduledThreadPoolExecutor(count, task -> {
            Thread thread = new Thread(task, "counterex-redis");
            thread.setDaemon(true);
            thread.setContextClassLoader(null); // do not inherit the creator's: it would pin its bundle
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            // Dropped, as the class comment says.
        }
    }

    void schedule(Runnable task, long delayMs) {
        try {
            executor.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Dropped, as the class comment says.
        }
    }

    /** Runs a task periodically, with this time between the end of one run and the start of the next. */
    public void repeat(Runnable task, long intervalMs) {
        executor.scheduleWithFixedDelay(task, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
    }

    /** Calls a task; the future fails at once after {@link #shutDown}. */
    <R> Future<R> submit(Callable<R> task) {
        try {
            return executor.submit(task);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Returns whether a task waits for a thread. */
    boolean hasReadyTask() {
        return executor.getQueue().peek() instanceof Delayed first && first.getDelay(TimeUnit.NANOSECONDS) <= 0;
    }

    /** Accepts no further tasks. */
    void shutDown() {
        executor.shutdown();
    }

    /** Waits for running tasks and then interrupts those that are left; preserves an interrupt of the caller. */
    void awaitTermination(long timeoutMs) {
        boolean interrupted = Thread.interrupted();
        try {
            executor.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        executor.shutdownNow();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
