package org.counterex.backend.redis.provider;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.backend.redis.provider.batch.AdaptiveSpin;
import org.counterex.backend.redis.provider.batch.BatchQueue;
import org.counterex.backend.redis.provider.batch.BatchSender;
import org.counterex.backend.redis.provider.batch.Operation;
import org.counterex.backend.redis.provider.batch.ScriptReply;
import org.counterex.backend.redis.provider.buffer.BufferedNamespace;
import org.counterex.backend.redis.provider.buffer.Flusher;
import org.counterex.backend.redis.provider.client.RedisClient;

/**
 * Coordination of calls with the operations sent for them: start, wait, timeout, and the exception for the caller.
 *
 * <p>A call that times out withdraws its operation, if that was not sent, and otherwise abandons it. Its exception says
 * in which of the two ways it ended, that is, whether the operation may have been applied.
 */
final class CallCoordinator {

    private final String name;
    private final RedisSettings settings;
    private final BatchSender sender;
    private final Flusher flusher;
    private final AdaptiveSpin spin;
    private volatile boolean closed;

    /** @param name of the backend, for messages */
    CallCoordinator(String name, RedisSettings settings, BatchSender sender, Flusher flusher, AdaptiveSpin spin) {
        this.name = name;
        this.settings = settings;
        this.sender = sender;
        this.flusher = flusher;
        this.spin = spin;
    }

    /** Calls an operation and returns the value of the counter in its result. */
    OptionalLong value(BufferedNamespace namespace, Operation operation) {
        return ScriptReply.value(call(namespace, operation));
    }

    /** Calls an operation and returns its result. */
    String call(BufferedNamespace namespace, Operation operation) {
        sender.send(pushed(namespace, operation), operation);
        return await(namespace, namespace.queue(operation.key), operation);
    }

    /**
     * Appends an operation to its queue, behind the buffered additions to the same counter; to be followed by {@link
     * #await}.
     */
    void enqueue(BufferedNamespace namespace, Operation operation) {
        sender.offer(pushed(namespace, operation), operation);
    }

    private BatchQueue pushed(BufferedNamespace namespace, Operation operation) {
        checkOpen(namespace.name());
        BatchQueue queue = namespace.queue(operation.key);
        if (settings.buffered()) {
            sender.push(queue, operation.key);
        }
        return queue;
    }

    /**
     * Waits for the result of an operation.
     *
     * @throws CounterException the operation was not applied, or its outcome is unknown
     */
    String await(BufferedNamespace namespace, BatchQueue queue, Operation operation) {
        String result = tryAwait(operation);
        if (result == null) {
            boolean sent = !queue.withdraw(operation);
            if (!sent || operation.abandon()) {
                String problem = "timed out waiting for the server" + problemOf(queue);
                throw sent && operation.writes()
                        ? BackendUnavailableException.outcomeUnknown(problem, namespace.name())
                        : BackendUnavailableException.notApplied(problem, namespace.name());
            }
            result = join(operation);
        }
        return checkApplied(namespace, operation, result);
    }

    /** Calls an operation in every bucket, behind all buffered additions, and waits for all of them. */
    void callEverywhere(BufferedNamespace namespace, Supplier<Operation> operations) {
        flusher.push(namespace);
        Map<BatchQueue, Operation> started = new LinkedHashMap<>();
        for (BatchQueue queue : namespace.queues().queues()) {
            Operation operation = operations.get();
            sender.offer(queue, operation);
            started.put(queue, operation);
        }
        started.forEach((queue, operation) -> await(namespace, queue, operation));
    }

    /** Calls an addition; if the result does not arrive in time, guarantees the addition and returns. */
    void callOrGuarantee(BufferedNamespace namespace, Operation addition) {
        sender.send(pushed(namespace, addition), addition);
        String result = tryAwait(addition);
        if (result == null) {
            if (addition.guarantee()) {
                return;
            }
            result = join(addition);
        }
        checkApplied(namespace, addition, result);
    }

    /** Guarantees an addition and returns without waiting for its result. */
    void guarantee(BufferedNamespace namespace, Operation addition) {
        sender.offer(namespace.queue(addition.key), addition);
        if (!addition.guarantee()) {
            addition.settle("");
            checkApplied(namespace, addition, join(addition));
        }
    }

    /** Returns the result; null if it did not arrive in time, or the caller is interrupted. */
    private String tryAwait(Operation operation) {
        spin.spinBeforePark(operation);
        try {
            return operation.result.get(operation.remainingNs(timeoutNs()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        }
    }

    private static String join(Operation operation) {
        try {
            return operation.result.join();
        } catch (CompletionException e) {
            throw unwrapped(e.getCause());
        }
    }

    private static RuntimeException unwrapped(Throwable failure) {
        return failure instanceof CounterException known ? known : new IllegalStateException(failure);
    }

    private static String checkApplied(BufferedNamespace namespace, Operation operation, String result) {
        if (!ScriptReply.isApplied(result)) {
            throw ScriptReply.rejection(namespace.name(), operation, result);
        }
        return result;
    }

    /**
     * Calls a function that changes nothing on the server.
     *
     * @param namespace for the exception
     */
    <R> R query(String namespace, Function<RedisClient, R> query) {
        checkOpen(namespace);
        Future<R> result = sender.query(query);
        try {
            return result.get(settings.responseTimeoutMs(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted(namespace, e);
        } catch (TimeoutException | CancellationException e) {
            result.cancel(false); // so that queries without a caller do not pile up
            throw BackendUnavailableException.notApplied("timed out waiting for the server", namespace);
        } catch (ExecutionException e) {
            throw BackendUnavailableException.notApplied(
                    "query failed (" + e.getCause().getMessage() + ")", namespace);
        }
    }

    long timeoutNs() {
        return TimeUnit.MILLISECONDS.toNanos(settings.responseTimeoutMs());
    }

    /** Returns why a queue makes no progress, in parentheses; empty if it does. */
    static String problemOf(BatchQueue queue) {
        String problem = queue.problem();
        return problem == null ? "" : " (" + problem + ")";
    }

    static BackendUnavailableException interrupted(String namespace, InterruptedException e) {
        Thread.currentThread().interrupt();
        return BackendUnavailableException.notApplied("interrupted", namespace, e);
    }

    /** Rejects calls from now on. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    void checkOpen(String namespace) {
        if (closed) {
            throw stopped(namespace);
        }
    }

    BackendUnavailableException stopped(String namespace) {
        return BackendUnavailableException.notApplied(
                "backend is stopped (" + CounterNames.backendLabel(RedisBackend.TYPE, name) + ")", namespace);
    }
}
