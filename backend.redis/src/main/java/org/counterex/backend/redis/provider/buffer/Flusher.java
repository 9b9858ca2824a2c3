package org.counterex.backend.redis.provider.buffer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.counterex.api.CounterException;
import org.counterex.backend.redis.provider.batch.BatchQueue;
import org.counterex.backend.redis.provider.batch.BatchSender;
import org.counterex.backend.redis.provider.batch.Operation;
import org.counterex.backend.redis.provider.batch.QueueState;

/**
 * Transfer of buffered additions to the queues: periodically, before operations that depend on them, and at the end.
 */
public final class Flusher {

    private final Collection<BufferedNamespace> namespaces;
    private final BatchSender sender;

    /** @param namespaces a view of all namespaces of the backend */
    public Flusher(Collection<BufferedNamespace> namespaces, BatchSender sender) {
        this.namespaces = namespaces;
        this.sender = sender;
    }

    /** Sends all buffered additions of a namespace. */
    public void push(BufferedNamespace namespace) {
        namespace.buffer().keys().forEach(key -> sender.push(namespace.queue(key), key));
    }

    /** Sends all buffered additions. */
    public void pushAll() {
        namespaces.forEach(this::push);
    }

    /**
     * Sends buffered additions as far as the queues keep up; called periodically by one thread. What did not fit comes
     * before what did is sent again, so that every counter is flushed even if additions to the others never stop.
     */
    public void flush() {
        for (BufferedNamespace namespace : namespaces) {
            Set<BatchQueue> backlogged = new HashSet<>();
            for (String key : namespace.buffer().keys()) {
                BatchQueue queue = namespace.queue(key);
                if (queue.flushed.contains(key)) {
                    continue;
                }
                if (queue.isBacklogged()) {
                    backlogged.add(queue);
                } else {
                    sender.push(queue, key);
                    queue.flushed.add(key);
                }
            }
            for (BatchQueue queue : namespace.queues().queues()) {
                if (!backlogged.contains(queue)) {
                    queue.flushed.clear();
                }
            }
        }
    }

    /** Offers additions again that the server has rejected. */
    public void retryRejected() {
        namespaces.forEach(namespace -> namespace.queues().retryRejected(sender));
    }

    /**
     * Closes all buffers and queues, after the sender was closed.
     *
     * @param failure returns the exception for calls on a namespace that were not sent
     * @return what the next process has to continue with
     */
    public List<QueueState> close(Function<String, CounterException> failure) {
        List<QueueState> states = new ArrayList<>();
        for (BufferedNamespace namespace : namespaces) {
            namespace.buffer().close();
            push(namespace); // additions made since the last time
            Collection<Operation> rejected = List.copyOf(namespace.queues().rejected);
            for (BatchQueue queue : namespace.queues().queues()) {
                QueueState state = queue.close(
                        rejected.stream()
                                .filter(operation -> namespace.queue(operation.key) == queue)
                                .toList(),
                        failure.apply(namespace.name()));
                if (state != null) {
                    states.add(state);
                }
            }
        }
        return states;
    }
}
