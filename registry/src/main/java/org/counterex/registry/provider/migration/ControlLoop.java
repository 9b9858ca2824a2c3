package org.counterex.registry.provider.migration;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.support.log.ServiceLog;

/**
 * The control thread: the only thread that reconciles, moves and evacuates namespaces. Changes may be submitted by any
 * thread; they are carried out one after the other, each with the inputs current at its turn.
 *
 * <p><b>Stop.</b> {@link #stop} lets the running task and those already submitted finish and drops delayed ones; after
 * it nothing is accepted. Threads that wait for a dropped task in {@link #await} wait for {@link #shutdownCompleted}
 * instead.
 */
public final class ControlLoop {

    /** Bound for tasks on tables alone, which cannot hang. */
    private static final long TABLES_TIMEOUT_MS = 60_000;

    private final ScheduledThreadPoolExecutor controlThread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "counterex-control");
        thread.setDaemon(true);
        thread.setContextClassLoader(null); // the creator's would pin its bundle
        return thread;
    });

    private final CountDownLatch shutdownDone = new CountDownLatch(1);
    private final ServiceLog log;
    private final long awaitMs;

    /** Whether an update of the retention file is submitted and has not begun. */
    private final AtomicBoolean updatePending = new AtomicBoolean();

    private volatile Consumer<String> reconcile = cause -> {};
    private volatile Runnable updateRetention = () -> {};
    private volatile boolean stopped;

    /** @param callTimeoutMs how long a call into a backend may take */
    ControlLoop(ServiceLog log, long callTimeoutMs) {
        this.log = log;
        awaitMs = TABLES_TIMEOUT_MS + 3 * callTimeoutMs;
        controlThread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // A thread keeps the classes that were on the stack when it was started: started now, they are the registry's
        // own.
        controlThread.prestartCoreThread();
    }

    /**
     * Sets what requests lead to. Called once, before the first request.
     *
     * @param reconcileAll moves every namespace to where it resolves, for the given cause
     * @param retentionUpdate writes which backend retains the values of which namespace
     */
    void start(Consumer<String> reconcileAll, Runnable retentionUpdate) {
        reconcile = reconcileAll;
        updateRetention = retentionUpdate;
    }

    /** Submits a task to the control thread. After {@link #stop} the result is a failed future. */
    public <R> Future<R> submit(Callable<R> task) {
        try {
            return controlThread.submit(task);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Submits a reconciliation of all namespaces. */
    void requestReconcile(String cause) {
        submit(() -> {
            reconcile(cause);
            return null;
        });
    }

    /** Reconciles all namespaces at once. For the control thread. */
    void reconcile(String cause) {
        reconcile.accept(cause);
    }

    /** Schedules one coalesced update of the retention file. */
    void requestRetentionUpdate() {
        if (updatePending.compareAndSet(false, true)) {
            submit(() -> {
                updatePending.set(false);
                updateRetention.run();
                return null;
            });
        }
    }

    /** Schedules a task; it is dropped if the registry stops before it is due. */
    void schedule(Runnable task, long delayMs) {
        try {
            controlThread.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The registry stops, and its parked counters are written to the snapshot.
        }
    }

    /** Runs an action on one namespace. A failure is logged, so that the other namespaces are not affected. */
    void runSafely(Namespace namespace, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            log.error("namespace could not be processed: namespace=" + namespace, e);
        }
    }

    /**
     * Waits for a submitted task of a backend that leaves, for a bounded time; if the registry is stopping, for its
     * end.
     */
    void await(Future<?> result) {
        try {
            result.get(awaitMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            log.error("timed out moving the counters of a backend that leaves", e);
        } catch (ExecutionException | CancellationException e) {
            if (!stopped) {
                log.error("counters of a backend that leaves could not be moved", e.getCause());
                return;
            }
            try {
                shutdownDone.await(awaitMs, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns whether {@link #stop} was called. */
    public boolean isStopped() {
        return stopped;
    }

    /** Accepts nothing more, and waits for what was submitted. */
    void stop() {
        stopped = true;
        controlThread.shutdown();
        try {
            controlThread.awaitTermination(TABLES_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Releases the backends that wait to leave: the counters collected at the stop are safe. */
    void shutdownCompleted() {
        shutdownDone.countDown();
    }
}
